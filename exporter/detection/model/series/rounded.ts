/** Two significant digits: 7, 1.5, 0.012, 120,000. */
export function rounded(value: number): string {
  // Not by a format that is made once: that would be at the start, of which it took a fiftieth.
  return Number(value.toPrecision(2)).toLocaleString('en-GB', { maximumSignificantDigits: 2 })
}
