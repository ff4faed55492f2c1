import { InvalidArgumentError } from 'commander'

/** Digits of a number of an option. */
const WHOLE = /^\d{1,12}$/
const MOST = 999_999_999_999

/** Reads the value of an option that is a whole number. */
export function wholeNumber(least: number, most = MOST): (text: string) => number {
  return text => {
    const value = WHOLE.test(text) ? Number(text) : Number.NaN
    if (value >= least && value <= most) return value
    const range = most === MOST ? `${least} on` : `${least} to ${most}`
    throw new InvalidArgumentError(`It must be a whole number from ${range}.`)
  }
}
