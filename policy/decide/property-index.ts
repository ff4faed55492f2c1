import { BITS, type Target } from '../../core/net/target.ts'
import type { Property } from './literals.ts'
import { networkOf } from './network-classes.ts'
import { parentOf } from './terms.ts'

/** Finds those of some properties of one kind that may have an end in common with another one; never too few. */
export interface PropertyIndex {
  add(property: Property, position: number): void
  /** Each once, not in order. Undefined: every one may. */
  find(property: Property): readonly number[] | undefined
}

/** What two properties must have in common to be compared: their kind, of labels also the name. */
export const aspectOf = (property: Property): string =>
  property.kind === 'label' ? `label ${property.label}` : property.kind

/** @param hasOneName an end has one host name at most */
export function createPropertyIndex(aspect: string, hasOneName: boolean): PropertyIndex {
  if (aspect === 'network') return new NetworkIndex()
  return new TextIndex(aspect === 'host' && !hasOneName)
}

class TextIndex implements PropertyIndex {
  readonly #byText = new Map<string, number[]>()
  /** Beginnings of identities, which are compared with each one. */
  readonly #patterns: number[] = []
  readonly #isUseless: boolean

  constructor(isUseless: boolean) {
    this.#isUseless = isUseless
  }

  add(property: Property, position: number): void {
    if (isPattern(property)) this.#patterns.push(position)
    else for (const text of textsOf(property)) push(this.#byText, text, position)
  }

  find(property: Property): readonly number[] | undefined {
    if (this.#isUseless || isPattern(property)) return undefined
    const found = textsOf(property).flatMap(text => this.#byText.get(text) ?? [])
    return [...new Set([...this.#patterns, ...found])]
  }
}

const isPattern = (property: Property): boolean => property.kind === 'service-identity' && property.name.endsWith('*')

/** A host has its name in common with the pattern that it is of. */
function textsOf(property: Property): readonly string[] {
  if (property.kind === 'label') return [property.value]
  if (property.kind === 'network') return [property.cidr]
  if (property.kind !== 'host') return [property.name]
  const parent = property.name.startsWith('*') ? undefined : parentOf(property.name)
  return parent === undefined ? [property.name] : [property.name, parent]
}

interface Placed {
  readonly first: bigint
  readonly position: number
}

class NetworkIndex implements PropertyIndex {
  /** By family and length of the prefix, then by the first address. */
  readonly #byPrefix = { 4: new Map<number, Map<bigint, number[]>>(), 6: new Map<number, Map<bigint, number[]>>() }
  readonly #inOrder: Record<4 | 6, Placed[]> = { 4: [], 6: [] }
  #isSorted = true

  add(property: Property, position: number): void {
    if (property.kind !== 'network') return
    const { family, prefix, value } = networkOf(property.cidr)
    const ofPrefix = this.#byPrefix[family].get(prefix) ?? new Map<bigint, number[]>()
    this.#byPrefix[family].set(prefix, ofPrefix)
    push(ofPrefix, value, position)
    this.#inOrder[family].push({ first: value, position })
    this.#isSorted = false
  }

  /** Two networks overlap only where one contains the other. */
  find(property: Property): readonly number[] | undefined {
    if (property.kind !== 'network') return undefined
    this.#sort()
    const target = networkOf(property.cidr)
    return [...new Set([...this.#containing(target), ...this.#within(target)])]
  }

  #containing({ family, prefix, value }: Target): readonly number[] {
    return [...this.#byPrefix[family]].flatMap(([length, networks]) => {
      if (length > prefix) return []
      const shift = BigInt(BITS[family] - length)
      return networks.get((value >> shift) << shift) ?? []
    })
  }

  #within({ family, prefix, value }: Target): readonly number[] {
    const networks = this.#inOrder[family]
    const end = value + (1n << BigInt(BITS[family] - prefix))
    const found: number[] = []
    for (let at = firstFrom(networks, value); at < networks.length; at++) {
      const { first, position } = networks[at] as Placed
      if (first >= end) break
      found.push(position)
    }
    return found
  }

  #sort(): void {
    if (this.#isSorted) return
    for (const networks of Object.values(this.#inOrder)) {
      networks.sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : a.position - b.position))
    }
    this.#isSorted = true
  }
}

function firstFrom(networks: readonly Placed[], value: bigint): number {
  let [low, high] = [0, networks.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((networks[middle] as Placed).first < value) low = middle + 1
    else high = middle
  }
  return low
}

function push<K>(lists: Map<K, number[]>, key: K, position: number): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [position])
  else list.push(position)
}
