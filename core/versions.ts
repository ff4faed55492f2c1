/** The numbers at the beginning of a version: `v2026.9.6-beta.1` is 2026, 9, 6. Undefined where it begins with none. */
function numbersOf(version: string): readonly number[] | undefined {
  const found = /^v?(\d{1,9}(?:\.\d{1,9}){0,7})/.exec(version)?.[1]
  return found?.split('.').map(Number)
}

/**
 * Whether a version is older than another one, by its numbers; a missing number is 0. Undefined where one of the two is
 * no version.
 */
export function isOlderVersion(version: string, least: string): boolean | undefined {
  const [one, other] = [numbersOf(version), numbersOf(least)]
  if (one === undefined || other === undefined) return undefined
  for (let at = 0; at < Math.max(one.length, other.length); at++) {
    const difference = (one[at] ?? 0) - (other[at] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return false
}
