/** Sets of source names, one object for all series that have the same: there are few, and series by the thousand. */
export class FeederSets {
  readonly #byName = new Map<string, ReadonlySet<string>>()

  of(sources: Iterable<string>): ReadonlySet<string> {
    const sorted = [...new Set(sources)].sort()
    const name = JSON.stringify(sorted)
    let set = this.#byName.get(name)
    if (set === undefined) {
      set = new Set(sorted)
      this.#byName.set(name, set)
    }
    return set
  }
}
