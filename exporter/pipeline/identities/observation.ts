import type { EpochMs } from '../../../core/clock.ts'
import type { AccountKind } from '../../../core/labels/authentication.ts'

/** A time in which sign-ins were logged, without a gap: who did not sign in within it was not in use. */
export interface Observed {
  readonly since: EpochMs
  readonly until: EpochMs
}

/** Whose sign-ins are logged together. */
export interface ObservedRealm {
  readonly gateway: string
  readonly realm: string
  readonly kind: AccountKind
}

/**
 * The time after a sign-in. After a longer gap the observation begins again, because the log may have been off; a
 * sign-in that comes late extends it, but does not bridge what was a gap before.
 */
export function withSignIn(observed: Observed | undefined, time: EpochMs, gap: number): Observed {
  if (observed === undefined || time > observed.until + gap) return { since: time, until: time }
  if (time < observed.since - gap) return observed
  return { since: Math.min(observed.since, time), until: Math.max(observed.until, time) }
}

/** What is observed in each of several realms; undefined where there is none. */
export function observedInAll(observations: readonly Observed[]): Observed | undefined {
  if (observations.length === 0) return undefined
  const since = Math.max(...observations.map(one => one.since))
  return { since, until: Math.min(...observations.map(one => one.until)) }
}
