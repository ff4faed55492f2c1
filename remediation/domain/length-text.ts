const units = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
] as const

/** A length in its largest unit that divides it; a day is 24 h. */
export function lengthText(milliseconds: number): string {
  const fits = ([size]: (typeof units)[number]) => milliseconds >= size && milliseconds % size === 0
  const [size, unit] = (milliseconds > units[0][0] ? units : units.slice(1)).find(fits) ?? [1_000, 's']
  return `${Math.round(milliseconds / size)} ${unit}`
}
