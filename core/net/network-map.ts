import { masked, overlaps, type Target } from './target.ts'

interface Entry<T> {
  readonly network: Target
  readonly value: T
}

/** The networks of one family and prefix, by their first address. */
interface Level<T> {
  readonly family: 4 | 6
  readonly prefix: number
  readonly entries: Map<bigint, Entry<T>>
}

/** A map from networks to values, looked up by the addresses in them. */
export class NetworkMap<T> {
  /** Longest prefix first, so that the narrowest network is found first. */
  #levels: Level<T>[] = []
  #size = 0

  get size(): number {
    return this.#size
  }

  set(network: Target, value: T): void {
    const { entries } = this.#levelOf(network)
    if (!entries.has(network.value)) this.#size += 1
    entries.set(network.value, { network, value })
  }

  /**
   * The narrowest network that contains the whole target or equals it. Takes one step for each distinct prefix length,
   * independent of the number of networks.
   */
  covering(target: Target): Entry<T> | undefined {
    for (const { family, prefix, entries } of this.#levels) {
      if (family !== target.family || prefix > target.prefix) continue
      const found = entries.get(masked(target, prefix))
      if (found !== undefined) return found
    }
    return undefined
  }

  /**
   * A network that overlaps the target: the one that covers it, else the first of the narrower ones by address. The
   * latter takes a scan of all narrower networks.
   */
  touching(target: Target): Entry<T> | undefined {
    const covering = this.covering(target)
    if (covering !== undefined) return covering
    let first: Entry<T> | undefined
    for (const { family, prefix, entries } of this.#levels) {
      if (family !== target.family || prefix <= target.prefix) continue
      for (const entry of entries.values()) {
        if (overlaps(entry.network, target) && (first === undefined || entry.network.value <= first.network.value)) {
          first = entry
        }
      }
    }
    return first
  }

  *networks(): Iterable<Target> {
    for (const { entries } of this.#levels) for (const { network } of entries.values()) yield network
  }

  #levelOf({ family, prefix }: Target): Level<T> {
    const known = this.#levels.find(level => level.family === family && level.prefix === prefix)
    if (known !== undefined) return known
    const level: Level<T> = { family, prefix, entries: new Map() }
    this.#levels = [...this.#levels, level].sort((a, b) => b.prefix - a.prefix)
    return level
  }
}
