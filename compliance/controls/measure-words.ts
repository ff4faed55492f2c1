import { grouped } from '../../service/page/words.ts'
import type { Threshold } from './catalogue.ts'

/**
 * `1,234 events`, `99.5 %`, `1 identity`.
 *
 * @param other a number from which it has to be distinguished: it is then written in full where rounding would hide that
 */
export function measured(value: number, unit: string, other = value): string {
  const text = value !== other && figure(value) === figure(other) ? String(value) : figure(value)
  return unit === '' ? text : `${text} ${Math.abs(value) === 1 ? singular(unit) : unit}`
}

const singular = (unit: string): string =>
  unit
    .replace(/ies$/, 'y')
    .replace(/sses$/, 'ss')
    .replace(/(?<!s)s$/, '')

/** `at most 5 events (ac-07_odp.01)`. */
export function thresholdWords({ bound, value, parameter }: Threshold, unit: string): string {
  const words = `${bound === 'at_most' ? 'at most' : 'at least'} ${measured(value, unit)}`
  return parameter === '' ? words : `${words} (${parameter})`
}

/** A share from 0 to 1: `97.3 %`; rounded down, so that 100 % is all of it. */
export const percent = (share: number): string => `${figure(Math.floor(share * 1000 + 1e-6) / 10)} %`

/** Whole numbers in full, others with four significant digits at least and no more than three after the point. */
function figure(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return value < 0 ? `-${grouped(-value)}` : grouped(value)
  const rounded = Math.abs(value) >= 1 ? Math.round(value * 1000) / 1000 : Number(value.toPrecision(4))
  return String(rounded)
}
