import { describe, expect, it } from '@jest/globals'
import type { Batch } from '../../../../exporter/contracts/source.ts'
import { createObservedSource, type Look } from '../../../../exporter/sources/observed/source.ts'
import type { Json } from '../../../../service/state/state.ts'

const NOON = Date.UTC(2026, 10, 23, 12)
const nothing: Look = { found: [], troubles: [] }

/** A source whose pauses pass at once, by a clock of its own. */
function bench(look: (states: ReadonlyMap<string, Json>) => Promise<Look>, interval = 60_000) {
  const clock = { time: NOON, now: () => clock.time }
  const log: string[] = []
  const source = createObservedSource(
    { name: 's', kind: 'k', decoder: 'd', gateway: 'gw', interval, look: states => look(states) },
    {
      clock,
      logger: { info: text => void log.push(text), warn: text => void log.push(text) },
      sleep: async milliseconds => {
        clock.time += milliseconds
        await new Promise(resolve => setImmediate(resolve))
      },
    },
  )
  const read = async (batches: number, cursor = new Map<string, Json>()): Promise<Batch[]> => {
    const abort = new AbortController()
    const all: Batch[] = []
    for await (const batch of source.read({ cursor, signal: abort.signal })) {
      if (all.push(batch) === batches) abort.abort()
    }
    return all
  }
  return { source, log, clock, read }
}

describe('a source that looks at things', () => {
  it('looks at once and then at its interval, while its watermark follows the clock', async () => {
    let looks = 0
    const { read } = bench(async () => {
      looks += 1
      return nothing
    })
    const batches = await read(31)
    expect(looks).toBe(2)
    expect(batches.at(-1)?.watermark).toBe(NOON + 62_000)
  })

  it('does not hold its watermark back for a look that takes its time, and begins no second one', async () => {
    let looks = 0
    const { read } = bench(() => {
      looks += 1
      return new Promise(() => undefined)
    })
    const batches = await read(100)
    expect(looks).toBe(1)
    expect(batches.at(-1)?.watermark).toBeGreaterThan(NOON + 100_000)
    expect(batches.every(({ caughtUp }) => !caughtUp)).toBe(true)
  })

  it('gives what was found the same ids where it is found again from the same state, and others from another one', async () => {
    const decodings = [{ kind: 'no_signal', time: NOON, template: 't' }] as const
    const idsFrom = async (cursor: Map<string, Json>) => {
      const { read } = bench(async () => ({ found: [{ key: 'a', decodings, state: 1 }], troubles: [] }))
      return (await read(1, cursor)).flatMap(({ records }) => records.map(({ id }) => id))
    }
    const first = await idsFrom(new Map())
    expect(first).toHaveLength(1)
    expect(await idsFrom(new Map())).toEqual(first)
    expect(await idsFrom(new Map([['a', 1]]))).not.toEqual(first)
  })

  it('reports a look that fails, and looks again', async () => {
    let looks = 0
    const { source, read } = bench(async () => {
      looks += 1
      throw new RangeError('secret')
    }, 2_000)
    await read(5)
    expect(looks).toBeGreaterThan(1)
    expect(source.health()).toMatchObject({ up: false, reason: expect.stringMatching(/^The look failed \([^)]+\)\.$/) })
    expect(source.health().reason).not.toContain('secret')
  })

  it('says once what cannot be looked at, and that it can be again', async () => {
    let troubles = ['A is away.', 'B is away.']
    const { source, log, read } = bench(async () => ({ found: [], troubles }), 2_000)
    await read(3)
    expect(source.health()).toMatchObject({ up: false, reason: 'A is away. (1 more)' })
    troubles = []
    await read(3)
    expect(source.health()).toMatchObject({ up: true })
    expect(log).toEqual(['A is away. (1 more)', 'All that is configured can be looked at again.'])
  })
})
