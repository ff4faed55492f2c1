import { masked, overlaps, type Target } from './target.ts'

interface Entry<T> {
  readonly network: Target
  readonly value: T
}

/**
 * Networks and what is known of each, found by the addresses that they hold. A lookup costs one step for each length
 * of prefix that occurs, however many networks there are.
 */
export class NetworkMap<T> {
  /** By family and prefix, then by first address; longest prefixes first. */
  readonly #byPrefix = new Map<string, { readonly prefix: number; readonly entries: Map<bigint, Entry<T>> }>()
  #size = 0

  get size(): number {
    return this.#size
  }

  set(network: Target, value: T): void {
    const key = `${network.family}/${network.prefix}`
    let level = this.#byPrefix.get(key)
    if (level === undefined) {
      level = { prefix: network.prefix, entries: new Map() }
      this.#byPrefix.set(key, level)
    }
    if (!level.entries.has(network.value)) this.#size += 1
    level.entries.set(network.value, { network, value })
  }

  /** A network that holds the whole target, or is it. */
  covering(target: Target): Entry<T> | undefined {
    for (const [key, { prefix, entries }] of this.#byPrefix) {
      if (prefix > target.prefix || !key.startsWith(`${target.family}/`)) continue
      const found = entries.get(masked(target, prefix))
      if (found !== undefined) return found
    }
    return undefined
  }

  /** A network that shares an address with the target. */
  touching(target: Target): Entry<T> | undefined {
    const covering = this.covering(target)
    if (covering !== undefined) return covering
    for (const [key, { prefix, entries }] of this.#byPrefix) {
      if (prefix <= target.prefix || !key.startsWith(`${target.family}/`)) continue
      for (const entry of entries.values()) if (overlaps(entry.network, target)) return entry
    }
    return undefined
  }

  *networks(): Iterable<Target> {
    for (const { entries } of this.#byPrefix.values()) for (const { network } of entries.values()) yield network
  }
}
