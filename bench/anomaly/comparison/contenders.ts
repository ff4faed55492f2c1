import { AdaptiveBand } from '../peers/adaptive-band.ts'
import { BandAlert } from '../peers/band.ts'
import type { Contender } from '../peers/detector.ts'
import { Dspot } from '../peers/dspot.ts'
import { RobustBand } from '../peers/robust-band.ts'
import { SeasonalQuantile } from '../peers/seasonal-quantile.ts'
import { WindowedGaussian } from '../peers/windowed-gaussian.ts'
import { ZScore } from '../peers/z-score.ts'
import { clawtrust, variants } from '../seccount/own-views.ts'

const SPACING = 60

const peers: readonly Contender[] = [
  { name: 'windowed Gaussian', create: () => new WindowedGaussian() },
  { name: 'DSPOT', create: () => new Dspot(10) },
  { name: 'z-score 24 h', create: () => new ZScore(SPACING) },
  { name: 'seasonal quantile 7 d / 1 h', create: () => new SeasonalQuantile(168, 1) },
]

/** Peers that come with their own alert rule: no threshold is chosen for them. */
const rules: readonly Contender[] = [
  { name: 'PromQL robust band, its own rule', create: () => new BandAlert(new RobustBand(SPACING, true), 5) },
  { name: 'PromQL adaptive band, its own rule', create: () => new BandAlert(new AdaptiveBand(SPACING, true), 5) },
]

/** Which detectors a run compares. */
interface Selection {
  readonly scored: readonly Contender[]
  readonly rules: readonly Contender[]
}

export const selections = {
  all: { scored: [clawtrust, ...variants, ...peers], rules },
  own: { scored: [clawtrust], rules: [] },
  parts: { scored: [clawtrust, ...variants], rules: [] },
  peers: { scored: peers, rules },
} as const satisfies Record<string, Selection>
export type SelectionName = keyof typeof selections
