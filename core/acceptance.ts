import type { EpochMs } from './clock.ts'

/** Which findings of a posture an operator means. */
export interface AcceptedFindings {
  readonly check: string
  /** Every target where absent. */
  readonly target?: string
  /** Every gateway where absent. */
  readonly gateway?: string
}

/** For how long an operator lives with them. */
export interface AcceptedTime {
  readonly until: EpochMs
  /** Where an operator has ended it before. */
  readonly ended?: { readonly at: EpochMs }
}

export const endOfAcceptance = ({ until, ended }: AcceptedTime): EpochMs => ended?.at ?? until

export const isInForce = (acceptance: AcceptedTime, now: EpochMs): boolean => now < endOfAcceptance(acceptance)

export const isAccepted = (
  pattern: AcceptedFindings,
  gateway: string,
  { check, target }: { readonly check: string; readonly target: string },
): boolean =>
  pattern.check === check &&
  (pattern.target === undefined || pattern.target === target) &&
  (pattern.gateway === undefined || pattern.gateway === gateway)
