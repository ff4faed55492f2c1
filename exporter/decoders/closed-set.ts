/**
 * Folds what a record says into a closed set: the value itself where it is a member, else undefined.
 * A Set rather than an object, so that `constructor` and its like are no members.
 */
export function closedSet<T extends string>(members: readonly T[]): (value: unknown) => T | undefined {
  const known = new Set<unknown>(members)
  return value => (known.has(value) ? (value as T) : undefined)
}
