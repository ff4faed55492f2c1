/**
 * The position of an observed value relative to its expected band, as shares of a scale that contains both: 0 is its
 * left end.
 */
export interface Band {
  readonly lower: number;
  readonly upper: number;
  readonly observed: number;
}

/**
 * The scale starts at zero unless a value is below it; undefined if there is no band or no value to compare with it.
 */
export function bandOf(
  observed: number | undefined,
  lower: number | undefined,
  upper: number | undefined
): Band | undefined {
  if (observed === undefined || lower === undefined || upper === undefined) {
    return undefined;
  }
  const least = Math.min(0, observed, lower);
  const size = Math.max(observed, upper) - least;
  if (!Number.isFinite(size) || size <= 0 || upper < lower) {
    return undefined;
  }
  const share = (value: number) => (value - least) / size;
  return { lower: share(lower), upper: share(upper), observed: share(observed) };
}
