import { Random } from '../../../../../bench/anomaly/seccount/random.ts'
import type { MinuteKeys } from '../../../../../exporter/detection/model/series/minute-input.ts'
import type { ScoreResult } from '../../../../../exporter/detection/model/series/score-result.ts'
import type { SeriesScorer } from '../../../../../exporter/detection/model/series/series-scorer.ts'

/** Monday 2025-01-06 00:00 UTC. */
export const START = 1_736_121_600

export interface Minute {
  readonly start: number
  readonly count: number
  readonly keys: MinuteKeys
}

/** Counts with a day's wave, and an address for each event: mostly old acquaintances. */
export function drawMinutes(minutes: number, rate = 3, seed = 5): Minute[] {
  const random = new Random(seed)
  return Array.from({ length: minutes }, (_, minute) => {
    const count = random.negativeBinomial(rate * (1 + 0.5 * Math.sin((2 * Math.PI * minute) / 1440)), 0.2)
    const addresses = new Map<string, number>()
    for (let event = 0; event < count; event++) {
      const address = `198.51.100.${Math.floor(12 * random.uniform() ** 3)}`
      addresses.set(address, (addresses.get(address) ?? 0) + 1)
    }
    return { start: START + 60 * minute, count, keys: { address: addresses } }
  })
}

export function live(scorer: SeriesScorer, minutes: readonly Minute[]): ScoreResult[] {
  return minutes.map(({ start, count, keys }) => scorer.step(start, count, 'complete', keys))
}
