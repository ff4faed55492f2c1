import { z } from 'zod'
import { parsed } from '../../core/config/schema.ts'
import type { ControlStatus } from '../../core/labels/compliance.ts'
import { isCalendarDay, isoDate, localDate } from '../../core/time/local-date.ts'
import type { Period } from '../evidence/period.ts'

/** A day of a calendar, `2027-03-31`. */
const day = () =>
  parsed({ expects: 'a date such as 2027-03-31', placeholder: '<date>' }, value =>
    /^\d{4}-\d\d-\d\d$/.test(value) && isCalendarDay(value) ? value : undefined,
  )

const words = () =>
  parsed({ expects: 'text on one line', placeholder: '<text>' }, value =>
    /^[^\p{Cc}\p{Zl}\p{Zp}]{1,2000}$/u.test(value) && value.trim() !== '' ? value : undefined,
  )

/** An accepted deviation: its owner answers for it until a day. */
export const exceptionSchema = z.strictObject({
  control: words().describe('The control, with its framework: `nist-sp-800-53/AC-7`.'),
  owner: words().describe('Who answers for it: a person or a role.'),
  reason: words().describe('Why it is accepted, and what limits the damage.'),
  expires: day().describe('The last day on which it is accepted, in the time zone of the period: `2027-03-31`.'),
})

export type Exception = z.output<typeof exceptionSchema>

/**
 * `unused`: it is in force, and there is nothing that it could cover. `too_long`: it ends later than an exception may, and
 * covers nothing.
 */
export const exceptionStates = ['active', 'expired', 'unused', 'too_long'] as const

export type ExceptionState = (typeof exceptionStates)[number]

/** An exception and what it does in a report. */
export interface SettledException extends Exception {
  readonly state: ExceptionState
}

/** Whether it is still in force on the last day of the period. */
export const isInForce = ({ expires }: Exception, period: Period): boolean => expires >= lastDay(period)

/** Whether it ends later than that long after the period: nobody would have to look at it again before. */
export const isTooLong = ({ expires }: Exception, { end, timeZone }: Period, longest: number): boolean =>
  expires > isoDate(localDate(end - 1 + longest, timeZone))

/** The exception of a control: of several in force the one that lasts longest, of those the first. */
export function exceptionOf(control: string, exceptions: readonly Exception[], period: Period): Exception | undefined {
  const inForce = exceptions.filter(exception => exception.control === control && isInForce(exception, period))
  return inForce.reduce<Exception | undefined>(
    (latest, one) => (latest === undefined || one.expires > latest.expires ? one : latest),
    undefined,
  )
}

/**
 * What each exception did, in the order of the configuration.
 *
 * @param considered those of them that are not too long
 * @param statuses of all controls, by their ids with the framework
 */
export function settleExceptions(
  exceptions: readonly Exception[],
  considered: readonly Exception[],
  statuses: ReadonlyMap<string, ControlStatus>,
  period: Period,
): readonly SettledException[] {
  return exceptions.map(exception => {
    if (!considered.includes(exception)) return { ...exception, state: 'too_long' }
    if (!isInForce(exception, period)) return { ...exception, state: 'expired' }
    const isUsed =
      statuses.get(exception.control) === 'exception' &&
      exceptionOf(exception.control, considered, period) === exception
    return { ...exception, state: isUsed ? 'active' : 'unused' }
  })
}

/** The day of the last moment of a period, in its time zone: `2026-11-30`. */
const lastDay = ({ end, timeZone }: Period): string => isoDate(localDate(end - 1, timeZone))
