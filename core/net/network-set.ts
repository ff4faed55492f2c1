import { BITS, contains, masked, networkOf, type Target } from './target.ts'

/**
 * The networks of one family and prefix, in ascending order, each once. Plain arrays of numbers, which one thread can
 * transfer to another without a copy: a list of a million networks is neither cloned nor seen by the garbage collector.
 */
export interface NetworkRun {
  readonly family: 4 | 6
  readonly prefix: number
  /** The leading bits of each network, as many as its prefix has, at most 64. */
  readonly high: BigUint64Array<ArrayBuffer>
  /** The bits of the prefix after the first 64; undefined where there are none. */
  readonly low?: BigUint64Array<ArrayBuffer>
}

/** Networks, looked up by the addresses in them. */
export class NetworkSet {
  /** Longest prefix first, so that the narrowest network is found first. */
  readonly runs: readonly NetworkRun[]

  constructor(runs: readonly NetworkRun[] = []) {
    this.runs = runs.toSorted((a, b) => b.prefix - a.prefix)
  }

  get size(): number {
    return this.runs.reduce((sum, { high }) => sum + high.length, 0)
  }

  /** The narrowest network that contains the whole target or equals it: a binary search for each distinct prefix. */
  covering(target: Target): Target | undefined {
    const found = this.runs.find(
      run => run.family === target.family && run.prefix <= target.prefix && holds(run, keyOf(target, run.prefix)),
    )
    return found && networkOf(target.family, masked(target, found.prefix), found.prefix)
  }

  /** The first of the networks that are a part of the target, the longest prefix first. */
  within(target: Target): Target | undefined {
    for (const run of this.runs) {
      if (run.family !== target.family || run.prefix <= target.prefix) continue
      const value = valueAtOrAfter(run, keyOf(target, run.prefix))
      const found = value === undefined ? undefined : networkOf(run.family, value, run.prefix)
      if (found !== undefined && contains(target, found)) return found
    }
    return undefined
  }
}

interface Key {
  readonly high: bigint
  readonly low: bigint
}

const HALF = 64

/** The first `prefix` bits of an address. */
function keyOf({ family, value }: Pick<Target, 'family' | 'value'>, prefix: number): Key {
  const bits = value >> BigInt(BITS[family] - prefix)
  if (prefix <= HALF) return { high: bits, low: 0n }
  const rest = BigInt(prefix - HALF)
  return { high: bits >> rest, low: bits & ((1n << rest) - 1n) }
}

function holds(run: NetworkRun, key: Key): boolean {
  const at = indexAtOrAfter(run, key)
  return run.high[at] === key.high && (run.low?.[at] ?? 0n) === key.low
}

/** The index of the first network that is not before a key; that after the last one if there is none. */
function indexAtOrAfter({ high, low }: NetworkRun, key: Key): number {
  let from = 0
  let to = high.length
  while (from < to) {
    const middle = (from + to) >>> 1
    const order = compare(high[middle] as bigint, key.high) || compare(low?.[middle] ?? 0n, key.low)
    if (order < 0) from = middle + 1
    else to = middle
  }
  return from
}

/** The first address of that network. */
function valueAtOrAfter(run: NetworkRun, key: Key): bigint | undefined {
  const at = indexAtOrAfter(run, key)
  const high = run.high[at]
  if (high === undefined) return undefined
  const rest = BigInt(Math.max(0, run.prefix - HALF))
  return ((high << rest) | (run.low?.[at] ?? 0n)) << BigInt(BITS[run.family] - run.prefix)
}

const compare = (one: bigint, other: bigint): number => (one < other ? -1 : one > other ? 1 : 0)

/** Collects networks in any order. */
export class NetworkSetBuilder {
  readonly #collected = new Map<string, CollectedRun>()
  #length = 0

  /** Networks that were added; one that was added twice may count twice until `compact`. */
  get length(): number {
    return this.#length
  }

  add(network: Target): void {
    const { family, prefix } = network
    const name = `${family}/${prefix}`
    const run = this.#collected.get(name) ?? new CollectedRun(family, prefix)
    this.#collected.set(name, run)
    run.add(keyOf(network, prefix))
    this.#length += 1
  }

  /** Sorts what was added and removes repetitions. */
  compact(): void {
    this.#length = 0
    for (const run of this.#collected.values()) {
      run.compact()
      this.#length += run.length
    }
  }

  build(): NetworkSet {
    this.compact()
    return new NetworkSet([...this.#collected.values()].map(run => run.finished()))
  }
}

const FIRST_CAPACITY = 64

class CollectedRun {
  readonly #family: 4 | 6
  readonly #prefix: number
  #high = new BigUint64Array(FIRST_CAPACITY)
  #low: BigUint64Array<ArrayBuffer> | undefined
  #length = 0

  constructor(family: 4 | 6, prefix: number) {
    this.#family = family
    this.#prefix = prefix
    this.#low = prefix > HALF ? new BigUint64Array(FIRST_CAPACITY) : undefined
  }

  get length(): number {
    return this.#length
  }

  add({ high, low }: Key): void {
    if (this.#length === this.#high.length) {
      this.#high = grown(this.#high)
      this.#low &&= grown(this.#low)
    }
    this.#high[this.#length] = high
    if (this.#low !== undefined) this.#low[this.#length] = low
    this.#length += 1
  }

  compact(): void {
    const high = this.#high
    const low = this.#low
    this.#sort()
    let kept = 0
    for (let at = 0; at < this.#length; at++) {
      if (kept > 0 && high[at] === high[kept - 1] && low?.[at] === low?.[kept - 1]) continue
      high[kept] = high[at] as bigint
      if (low !== undefined) low[kept] = low[at] as bigint
      kept += 1
    }
    this.#length = kept
  }

  finished(): NetworkRun {
    const run = { family: this.#family, prefix: this.#prefix, high: this.#high.slice(0, this.#length) }
    return this.#low === undefined ? run : { ...run, low: this.#low.slice(0, this.#length) }
  }

  #sort(): void {
    const high = this.#high.subarray(0, this.#length)
    const low = this.#low?.subarray(0, this.#length)
    if (low === undefined) {
      high.sort()
      return
    }
    const order = new Uint32Array(this.#length).map((_, index) => index)
    order.sort((a, b) => compare(high[a] as bigint, high[b] as bigint) || compare(low[a] as bigint, low[b] as bigint))
    const [sortedHigh, sortedLow] = [high.slice(), low.slice()]
    for (const [at, from] of order.entries()) {
      high[at] = sortedHigh[from] as bigint
      low[at] = sortedLow[from] as bigint
    }
  }
}

function grown(numbers: BigUint64Array<ArrayBuffer>): BigUint64Array<ArrayBuffer> {
  const larger = new BigUint64Array(numbers.length * 2)
  larger.set(numbers)
  return larger
}
