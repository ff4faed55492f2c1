const twoDigits = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 2 })

/** Two significant digits: 7, 1.5, 0.012, 120,000. */
export function rounded(value: number): string {
  return twoDigits.format(Number(value.toPrecision(2)))
}
