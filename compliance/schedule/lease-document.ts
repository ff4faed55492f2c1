import { type EpochMs, MINUTE_MS } from '../../core/clock.ts'
import { isObject } from '../../core/json.ts'

/** The document of a lease. */
export interface LeaseDocument {
  /** A random id of its holder; empty while it is free. */
  readonly holder: string
  /** By the clock of the holder, ISO 8601; always a time, as Elasticsearch takes the field for one. */
  readonly expires: string
  /** The latest periods that are reported, the newest first. */
  readonly reported: readonly string[]
}

/** A lease that is not renewed for this time is free. It is renewed five times as often. */
export const LEASE_MS = 5 * MINUTE_MS
/** How far the clocks of two holders may differ: a lease is taken over only that long after it has expired. */
export const CLOCK_TOLERANCE_MS = 5 * MINUTE_MS

const MOST_REPORTED = 24
const NEVER_HELD = new Date(0).toISOString()

/** What a document says. One that cannot be read is that of a free lease: it is replaced. */
export function leaseOf(source: unknown): LeaseDocument {
  if (!isObject(source)) return { holder: '', expires: '', reported: [] }
  const { holder, expires, reported } = source
  return {
    holder: typeof holder === 'string' ? holder : '',
    expires: typeof expires === 'string' ? expires : '',
    reported: Array.isArray(reported) ? reported.filter(name => typeof name === 'string').slice(0, MOST_REPORTED) : [],
  }
}

/**
 * True while another holder may be at work. A lease that expires later than any can was written by a clock that is wrong: it
 * is free, or it would stay held for as long as that clock was ahead.
 */
export function isHeld({ holder, expires }: LeaseDocument, now: EpochMs): boolean {
  const left = Date.parse(expires) - now
  return holder !== '' && left >= -CLOCK_TOLERANCE_MS && left <= LEASE_MS + CLOCK_TOLERANCE_MS
}

export function heldBy(holder: string, { reported }: LeaseDocument, now: EpochMs): LeaseDocument {
  return { holder, expires: new Date(now + LEASE_MS).toISOString(), reported }
}

/** The lease that the next holder finds. */
export function freed({ reported }: LeaseDocument, more: readonly string[]): LeaseDocument {
  const all = [...new Set([...more, ...reported])]
  return { holder: '', expires: NEVER_HELD, reported: all.sort().reverse().slice(0, MOST_REPORTED) }
}
