import type { EpochMs } from '../../core/clock.ts'

/** The time that a report is about: [start, end), whole periods of a calendar in a time zone. */
export interface Period {
  /** As people name it: `2026-11`, `2026-W48`, `2026-11-30`, `2026-Q4`. */
  readonly name: string
  readonly start: EpochMs
  readonly end: EpochMs
  /** IANA name of the time zone whose midnights are the borders: `Europe/Berlin`. */
  readonly timeZone: string
}
