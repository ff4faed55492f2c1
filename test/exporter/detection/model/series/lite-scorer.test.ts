import { describe, expect, it } from '@jest/globals'
import { Random } from '../../../../../bench/anomaly/seccount/random.ts'
import {
  createLiteScorer,
  type LiteBlock,
  type LiteScorer,
} from '../../../../../exporter/detection/model/series/lite-scorer.ts'
import { START } from './fixtures.ts'

const RATE = 4

/** A zone with 40 regular addresses, RATE events a minute. */
function live(scorer: LiteScorer, from: number, to: number, extra = new Map<string, number>()): LiteBlock[] {
  const random = new Random(from + 1)
  const blocks: LiteBlock[] = []
  for (let minute = from; minute < to; minute++) {
    const keys = new Map(extra)
    for (let event = random.poisson(RATE); event > 0; event--) {
      const key = `10.0.0.${random.below(40)}`
      keys.set(key, (keys.get(key) ?? 0) + 1)
    }
    const block = scorer.step(START + 60 * minute, keys, RATE)
    if (block !== undefined) blocks.push(block)
  }
  return blocks
}

const create = () => createLiteScorer({ series: 'zone addresses', capacity: 60, topK: 5 })

describe('the lite scorer', () => {
  it('speaks once a block, of at most k entities, the most surprising first', () => {
    const blocks = live(create(), 0, 400)
    expect(blocks).toHaveLength(20)
    for (const { top } of blocks) {
      expect(top.length).toBeLessThanOrEqual(5)
      expect(top.map(({ surprise }) => surprise)).toEqual(top.map(({ surprise }) => surprise).sort((a, b) => b - a))
    }
  })

  it('puts an entity that does ten times its usual on top', () => {
    const scorer = create()
    live(scorer, 0, 4000)
    const [block] = live(scorer, 4000, 4020, new Map([['10.0.0.7', 2]]))
    expect(block?.top[0]).toMatchObject({ key: '10.0.0.7' })
    expect(block?.top[0]?.score).toBeGreaterThan(50)
  })

  it('gets used to an entity that is always busy', () => {
    const scorer = create()
    const blocks = live(scorer, 0, 6000, new Map([['10.0.0.250', 3]]))
    const surpriseIn = (block: LiteBlock | undefined) =>
      block?.top.find(({ key }) => key === '10.0.0.250')?.surprise ?? 0
    expect(surpriseIn(blocks[5])).toBeGreaterThan(surpriseIn(blocks.at(-1)))
    expect(surpriseIn(blocks.at(-1))).toBeLessThan(1)
  })

  it('stays within its bounds under a scan, and keeps the regulars', () => {
    const scorer = create()
    live(scorer, 0, 2000)
    const scan = (minute: number) => new Map(Array.from({ length: 50 }, (_, i) => [`203.0.${minute}.${i}`, 1] as const))
    let last: LiteBlock | undefined
    for (let minute = 2000; minute < 2200; minute++) {
      last = scorer.step(START + 60 * minute, scan(minute), RATE) ?? last
    }
    expect(last?.size).toBeLessThanOrEqual(60)
    expect(last?.refused).toBeGreaterThan(100)
    expect(last?.overflowEvents).toBeGreaterThan(1000)
    const [after] = live(scorer, 2200, 2220)
    expect(after?.top.every(({ surprise }) => surprise < 3)).toBe(true)
  })

  it('lets time pass over blocks without input', () => {
    const scorer = create()
    live(scorer, 0, 2000)
    const year = 525_600
    const blocks = live(scorer, 2000 + year, 2040 + year)
    expect(blocks.flatMap(({ top }) => top).every(({ surprise }) => Number.isFinite(surprise))).toBe(true)
  })

  it('continues bit for bit from a snapshot', () => {
    const lived = create()
    live(lived, 0, 1313)
    const restored = create()
    expect(restored.restore(lived.snapshot())).toBeUndefined()
    expect(live(restored, 1313, 2500)).toEqual(live(lived, 1313, 2500))
    expect(restored.snapshot()).toEqual(lived.snapshot())
  })

  it('refuses a snapshot of another capacity', () => {
    expect(createLiteScorer({ series: 'z', capacity: 61 }).restore(create().snapshot())).toBe('kind')
  })

  it.each([Number.NaN, -1, Number.POSITIVE_INFINITY])('refuses %p as an expectation or a count', bad => {
    expect(() => create().step(START, new Map(), bad)).toThrow(/zone addresses/)
    expect(() => create().step(START, new Map([['a', bad]]), 1)).toThrow(/zone addresses/)
  })
})
