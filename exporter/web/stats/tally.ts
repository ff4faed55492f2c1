/** A name and how often it was counted. */
export interface Tally {
  readonly name: string
  readonly count: number
}

/** Most first, then by name. */
export function byCount(a: Tally, b: Tally): number {
  return b.count - a.count || (a.name < b.name ? -1 : 1)
}
