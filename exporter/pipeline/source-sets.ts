/** The same for the same sources. */
export const sourceSetName = (sources: Iterable<string>): string => JSON.stringify([...sources].sort())

/** Sets of source names, one object for all series that have the same: there are few, and series by the thousand. */
export class SourceSets {
  readonly #byName = new Map<string, ReadonlySet<string>>()

  of(sources: Iterable<string>): ReadonlySet<string> {
    const unique = new Set(sources)
    const name = sourceSetName(unique)
    const known = this.#byName.get(name)
    if (known !== undefined) return known
    this.#byName.set(name, unique)
    return unique
  }
}
