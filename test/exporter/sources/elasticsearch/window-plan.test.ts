import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { HOUR_MS, MINUTE_MS } from '../../../../core/clock.ts'
import type { Window } from '../../../../exporter/sources/elasticsearch/window.ts'
import { divide, WindowPlan } from '../../../../exporter/sources/elasticsearch/window-plan.ts'

const NOON = Date.parse('2026-11-24T12:00:00Z')

/** An index by the ingest times of its documents, and what it was asked. */
function indexOf(times: readonly number[]) {
  const asked: number[] = []
  const within = ({ after, through }: Window) => times.filter(time => time > after && time <= through)
  const count = async (window: Window, step: number) => {
    asked.push(step)
    const counts = new Map<number, number>()
    for (const time of within(window)) {
      const start = Math.floor(time / step) * step
      counts.set(start, (counts.get(start) ?? 0) + 1)
    }
    return [...counts].map(([start, documents]) => ({ start, documents })).sort((a, b) => a.start - b.start)
  }
  return { asked, count, documents: (window: Window) => within(window).length }
}

async function windowsOf(plan: WindowPlan, part: Window, { count }: Pick<ReturnType<typeof indexOf>, 'count'>) {
  const windows: Window[] = []
  for (let { after } = part; after < part.through; ) {
    const window = await plan.next({ after, through: part.through }, count)
    windows.push(window)
    after = window.through
  }
  return windows
}

const offset = fc.oneof(fc.nat({ max: 3 * HOUR_MS }), fc.nat({ max: 40 }), fc.nat({ max: 3_000 }))

describe('the plan of a backlog', () => {
  it('covers all of it with adjoining windows up to the maximum number of documents, or of a millisecond', async () => {
    const rules = fc.record({
      most: fc.integer({ min: 1, max: 20 }),
      widest: fc.integer({ min: 60_000, max: 2 * HOUR_MS }),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(offset, { maxLength: 120 }),
        fc.nat({ max: 100_000 }),
        fc.integer({ min: MINUTE_MS + 1, max: 3 * HOUR_MS }),
        rules,
        async (offsets, begin, length, { most, widest }) => {
          const part = { after: NOON + begin, through: NOON + begin + length }
          const index = indexOf(offsets.map(one => NOON + begin + one))
          const windows = await windowsOf(new WindowPlan({ most, widest }), part, index)
          expect(windows[0]?.after).toBe(part.after)
          expect(windows.at(-1)?.through).toBe(part.through)
          for (const [number, window] of windows.entries()) {
            if (number > 0) expect(window.after).toBe(windows[number - 1]?.through)
            expect(window.through).toBeGreaterThan(window.after)
            expect(window.through - window.after).toBeLessThanOrEqual(widest)
            if (window.through - window.after > 1) expect(index.documents(window)).toBeLessThanOrEqual(most)
          }
        },
      ),
    )
  })

  it('is asked for once, and for what holds too many again by ever shorter steps, down to a millisecond', async () => {
    const busy = Array.from({ length: 30 }, () => NOON + 2 * HOUR_MS + 1_234)
    const quiet = Array.from({ length: 300 }, (_, minute) => NOON + minute * MINUTE_MS + 1)
    const index = indexOf([...busy, ...quiet])
    const part = { after: NOON, through: NOON + 5 * HOUR_MS }
    const windows = await windowsOf(new WindowPlan({ most: 60, widest: 2 * HOUR_MS }), part, index)
    expect(index.asked).toEqual([HOUR_MS, MINUTE_MS, 1_000, 1].slice(0, 2))
    expect(windows.length).toBeLessThanOrEqual(8)
    const crowded = indexOf([...busy, ...busy, ...busy, ...quiet])
    const fine = await windowsOf(new WindowPlan({ most: 60, widest: 2 * HOUR_MS }), part, crowded)
    expect(crowded.asked).toEqual([HOUR_MS, MINUTE_MS, 1_000, 1])
    expect(fine).toContainEqual(
      expect.objectContaining({ through: NOON + 2 * HOUR_MS + 1_234, documents: 90, step: 1 }),
    )
  })

  it('is not needed for a minute, whatever it holds', async () => {
    const index = indexOf(Array.from({ length: 500 }, () => NOON + 1))
    const part = { after: NOON, through: NOON + MINUTE_MS }
    expect(await new WindowPlan({ most: 10, widest: HOUR_MS }).next(part, index.count)).toEqual(part)
    expect(index.asked).toEqual([])
  })

  it('is kept where the clock falls back in the middle of it, and made again where reading stopped within a window', async () => {
    const index = indexOf(Array.from({ length: 60 }, (_, minute) => NOON + minute * MINUTE_MS + 1))
    const plan = new WindowPlan({ most: 10, widest: HOUR_MS })
    const through = NOON + HOUR_MS
    const first = await plan.next({ after: NOON, through }, index.count)
    const shorter = await plan.next({ after: NOON, through: NOON + 1_000 }, index.count)
    expect(shorter).toMatchObject({ after: NOON, through: NOON + 1_000 })
    expect(await plan.next({ after: first.through, through }, index.count)).toMatchObject({ after: first.through })
    expect(index.asked).toHaveLength(2)
    await plan.next({ after: first.through + 1_000, through }, index.count)
    expect(index.asked).toHaveLength(4)
  })

  it('asks for no more intervals than Elasticsearch answers', async () => {
    const steps: number[] = []
    const count = async ({ after, through }: Window, step: number) => {
      steps.push((through - after) / step)
      return []
    }
    await windowsOf(
      new WindowPlan({ most: 10, widest: MINUTE_MS }),
      { after: NOON, through: NOON + 400 * HOUR_MS },
      { count },
    )
    expect(Math.max(...steps)).toBeLessThanOrEqual(10_000)
  })
})

describe('a part that is divided', () => {
  it('keeps intervals whole, and begins a window of its own with one that holds too many', () => {
    const counts = [3, 3, 9, 1].map((documents, minute) => ({ start: NOON + minute * MINUTE_MS, documents }))
    const part = { after: NOON - 1, through: NOON + 4 * MINUTE_MS - 1 }
    const windows = divide(part, counts, MINUTE_MS, { most: 6, widest: HOUR_MS })
    expect(windows.map(({ through, documents }) => [(through + 1 - NOON) / MINUTE_MS, documents])).toEqual([
      [2, 6],
      [3, 9],
      [4, 1],
    ])
  })
})
