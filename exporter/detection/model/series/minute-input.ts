import { ClawtrustError } from '../../../../core/errors.ts'
import type { EntityKind } from '../../../../core/labels/event.ts'
import type { KeyCounts } from '../entity/first-seen.ts'
import { MINUTE_SECONDS } from '../time.ts'

export { type EntityKind, entityKinds } from '../../../../core/labels/event.ts'

/** Events of one minute by key, for each kind of key that they bring. */
export type MinuteKeys = Partial<Readonly<Record<EntityKind, KeyCounts>>>

/**
 * Refuses what cannot be scored, before any state moves.
 * @param last start of the newest minute taken, undefined before the first
 * @throws ClawtrustError ANOMALY_INPUT_INVALID naming series and value
 */
export function checkMinute(series: string, last: number | undefined, minuteStart: number, count: number): void {
  checkTime(series, minuteStart)
  checkCount(series, count)
  if (last !== undefined && minuteStart <= last) {
    throw invalid(
      series,
      `minute ${minuteStart} is not after ${last}, which is already scored; use late() for a late event`,
    )
  }
}

/** Refuses late events that cannot be learnt. Errors as in `checkMinute`. */
export function checkLate(series: string, last: number | undefined, minuteStart: number, delta: number): void {
  checkTime(series, minuteStart)
  checkCount(series, delta)
  if (last === undefined || minuteStart > last) {
    throw invalid(series, `minute ${minuteStart} is not scored yet, so nothing can be late for it`)
  }
}

function checkTime(series: string, minuteStart: number): void {
  if (!Number.isSafeInteger(minuteStart) || minuteStart % MINUTE_SECONDS !== 0) {
    throw invalid(series, `${minuteStart} is not the start of a minute in seconds`)
  }
}

function checkCount(series: string, count: number): void {
  if (!(count >= 0 && count <= Number.MAX_SAFE_INTEGER)) {
    throw invalid(series, `${count} is not a count of events (0 to 2^53 − 1)`)
  }
}

function invalid(series: string, sentence: string): ClawtrustError {
  return new ClawtrustError('ANOMALY_INPUT_INVALID', `Anomaly series ${series}: ${sentence}.`)
}
