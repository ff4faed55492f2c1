/** Milliseconds since 1970-01-01 UTC. Every time in clawtrust has this unit unless its name says seconds. */
export type EpochMs = number

/**
 * The clocks, passed as an argument so that tests can set the time. `now` may jump with the host's clock; `monotonic`
 * (milliseconds, arbitrary origin) never does.
 */
export interface Clock {
  now(): EpochMs
  monotonic(): number
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
}

export const SECOND_MS = 1_000
export const MINUTE_MS = 60 * SECOND_MS
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS
