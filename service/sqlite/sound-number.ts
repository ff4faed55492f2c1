/** The largest time of a Date, ECMA-262 21.4.1.1. Every stored number is a time or smaller. */
export const MAX_NUMBER = 8_640_000_000_000_000

/** Whether a value is a number that a Date can hold: others cannot be written as a time. */
export const isTime = (value: unknown): value is number => typeof value === 'number' && Math.abs(value) <= MAX_NUMBER

/**
 * SQL for a column of numbers that another type, or a number out of range, cannot fail: a damaged row must not keep the
 * others from being read, and node:sqlite throws for an integer beyond 2^53. NULL stays NULL; what is no number is a text.
 *
 * https://www.sqlite.org/datatype3.html#comparisons
 */
export const soundNumber = (column: string): string =>
  `iif(${column} IS NULL OR ${column} BETWEEN ${-MAX_NUMBER} AND ${MAX_NUMBER}, ${column}, 'damaged')`

/**
 * SQL that is true for what is above every time: a number out of range, a text or bytes, which an upper bound would never
 * find. SQLite uses an index for it where it is a condition of its own, and none beside another one after OR.
 */
export const isBeyondTime = (column: string): string => `${column} > ${MAX_NUMBER}`
