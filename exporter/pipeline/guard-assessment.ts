import type { EpochMs } from '../../core/clock.ts'
import type { GuardMode, GuardState } from '../../core/labels/guards.ts'

/** What the records of a guard say of it. */
export interface GuardFacts {
  /** Newest record. */
  readonly lastRecord?: EpochMs
  readonly version?: string
  readonly mode?: GuardMode
  /** Conditions that its parts report and that still hold. */
  readonly isDegraded: boolean
  readonly isFailOpen: boolean
}

/** What an operator expects of a guard, with defaults for one that is only observed. */
export interface GuardExpectation {
  /** A version, or its beginning up to a dot. */
  readonly version?: string
  readonly mode?: GuardMode
  /** Period in which a guard of a busy gateway must have inspected something, milliseconds. */
  readonly silence: number
  /** Fewest acts of an agent in that period for its gateway to be busy. */
  readonly busyEvents: number
}

/** What agents of the gateway did in that period, as the guard and as others saw it. */
export interface Acts {
  /** Calls and connections that the guard inspected. */
  readonly inspected: number
  /** Decisions of OpenClaw and of other guards about what an agent wants to do. */
  readonly seenByOthers: number
}

export interface GuardAssessment {
  readonly state: GuardState
  readonly isBusy: boolean
}

/**
 * What is known of a guard at a time up to which its sources are read. A gateway is busy by what its agents do, which is
 * what a guard in their path inspects: sign-ins, and refused ones above all, say nothing of it. Where a gateway is not
 * busy and its guard wrote nothing either, nothing is known, and unknown is not up.
 *
 * @param at event time up to which everything is known
 */
export function assessGuard(facts: GuardFacts, expected: GuardExpectation, acts: Acts, at: EpochMs): GuardAssessment {
  const isBusy = acts.inspected + acts.seenByOthers >= expected.busyEvents
  return { state: stateOf(facts, expected, acts, at), isBusy }
}

function stateOf(facts: GuardFacts, expected: GuardExpectation, acts: Acts, at: EpochMs): GuardState {
  if (acts.inspected === 0 && acts.seenByOthers >= expected.busyEvents) return 'silent'
  const { lastRecord, version, mode } = facts
  if (lastRecord === undefined || lastRecord <= at - expected.silence) return 'unknown'
  if (facts.isFailOpen) return 'fail_open'
  if (facts.isDegraded) return 'degraded'
  if (expected.version !== undefined && version !== undefined && !isOfVersion(version, expected.version)) {
    return 'other_version'
  }
  if (expected.mode !== undefined && mode !== undefined && mode !== expected.mode) return 'other_mode'
  return mode === 'observe' ? 'observing' : 'up'
}

/** `0.1` is the beginning of `0.1.5` and not of `0.11.0`. */
const isOfVersion = (version: string, expected: string): boolean =>
  version === expected || version.startsWith(`${expected}.`)
