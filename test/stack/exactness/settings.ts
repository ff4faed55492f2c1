import { type EpochMs, HOUR_MS, MINUTE_MS } from '../../../core/clock.ts'
import { pick } from '../../../core/random.ts'
import type { Case } from './case.ts'
import { type Profile, profileOf } from './profiles.ts'
import { between, randomOf } from './random.ts'

/** Rounds take place at a time of their own, whatever the date is. */
const EPOCH = Date.UTC(2026, 2, 2)
/** What is live is stamped at least so long after the first start, by the clock of each exporter. */
const AFTER_START = 30_000

/** What holds for a whole round. */
export interface Settings {
  readonly profile: Profile
  readonly horizon: number
  readonly maxSkew: number
  readonly lag: number
  readonly overlap: number
  readonly pageSize: number
  readonly slices: number
  readonly shards: number
  readonly gateways: number
  readonly found: Profile['found'][number]
  readonly isShuffled: boolean
  /** Whether every bulk is followed by a refresh; otherwise Elasticsearch refreshes when it likes. */
  readonly refreshesEachPart: boolean
  readonly ids: 'random' | 'offset'
  /** How far each exporter's clock is ahead at first. */
  readonly skews: readonly number[]
  readonly start: EpochMs
  /** No live stamp and no live event is earlier. */
  readonly liveFrom: EpochMs
  readonly phases: readonly Phase[]
}

export interface Phase {
  /** What the clock shows when it begins. */
  readonly time: EpochMs
  /** Stamps lie in the span that ends at `time`. */
  readonly span: number
  readonly parts: number
  readonly isDown: boolean
  /** What was visible before is read first by the exporters that are up. */
  readonly isSettled: boolean
}

export function settingsOf({ seed, profile: name }: Case): Settings {
  const profile: Profile = profileOf(name)
  const random = randomOf(seed, 1)
  const { horizon, maxSkew } = pick(random, profile.clocks)
  const start = EPOCH + Math.floor(random() * HOUR_MS)
  const skews = [0, pick(random, [0, 0, 1, -1]) * skewLimit(maxSkew)]
  const liveFrom = start + skewLimit(maxSkew) + AFTER_START
  return {
    profile,
    horizon,
    maxSkew,
    lag: pick(random, [100, 500]),
    overlap: pick(random, profile.overlaps),
    pageSize: pick(random, profile.pageSizes),
    slices: pick(random, [1, 4]),
    shards: pick(random, profile.shards),
    gateways: between(random, profile.gateways),
    found: pick(random, profile.found),
    isShuffled: random() < profile.shuffled,
    refreshesEachPart: random() < 0.6,
    ids: pick(random, ['random', 'offset']),
    skews,
    start,
    liveFrom,
    phases: phasesOf(profile, liveFrom, seed),
  }
}

function phasesOf(profile: Profile, liveFrom: EpochMs, seed: number): readonly Phase[] {
  const random = randomOf(seed, 2)
  const phases: Phase[] = []
  let time = liveFrom
  for (let left = between(random, profile.phases); left > 0; left--) {
    const span = pick(random, profile.spans)
    time += phases.length === 0 ? span : Math.max(span, between(random, pick(random, profile.advances)))
    phases.push({
      time,
      span,
      parts: between(random, profile.parts),
      isDown: random() < profile.down,
      isSettled: random() < profile.settled,
    })
  }
  return phases
}

/** How far an exporter's clock is off at most. */
export function skewLimit(maxSkew: number): number {
  return Math.floor(maxSkew / 3)
}

/** Stamps of what lies in the index before the first start end here. */
export function historyEnd({ start, maxSkew }: Settings): EpochMs {
  return start - 2 * maxSkew - 10 * MINUTE_MS
}

/** How late a document may be found, or a second line follow the first, so that the rules must hold for it. */
export const SURE = 0.35
