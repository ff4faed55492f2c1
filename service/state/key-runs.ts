import { closeSync, mkdirSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** An entry is a key of four 32-bit words and its value. */
const ENTRY_WORDS = 5
const ENTRY_BYTES = 4 * ENTRY_WORDS
/** Entries between two marks of a run's index: one read returns that many. */
const BLOCK = 256
/** Maximum number of entries of a run: sorting packs the position of an entry into 21 bits. */
const MAX_ENTRIES = 2 ** 21
const FILTER_BITS_PER_KEY = 12
const FILTER_PROBES = 6

/** A folder below a state folder. Its content is only of use to the process that wrote it. */
export const OVERFLOW_FOLDER = 'overflow'

/**
 * Keys that do not fit into memory, each with a positive value: sorted runs in files, with a Bloom filter (one key in
 * 300 is looked up in vain) and one read of 5 KB for each look-up. Takes 1.5 bytes of memory a key.
 *
 * The files duplicate entries of the state database, so that they can be looked up synchronously; a later process never
 * reads them and they need no fsync.
 */
export class KeyRuns {
  readonly #folder: string
  #runs: Run[] = []
  #made = 0

  /** @param folder created with the first keys */
  constructor(folder: string) {
    this.#folder = folder
  }

  get size(): number {
    return this.#runs.reduce((sum, run) => sum + run.size, 0)
  }

  /** The value of a key; the largest if it was added more than once. */
  get(key: Int32Array): number | undefined {
    let found: number | undefined
    for (const run of this.#runs) {
      const value = run.get(key)
      if (value !== undefined && (found === undefined || value > found)) found = value
    }
    return found
  }

  /**
   * Adds entries in any order.
   *
   * @throws the file system's error if they cannot be written; none is lost then: those that were written are found,
   * and all may be added again
   */
  add(entries: Int32Array): void {
    if (entries.length === 0) return
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
    for (let at = 0; at < entries.length; at += MAX_ENTRIES * ENTRY_WORDS) {
      const part = entries.subarray(at, at + MAX_ENTRIES * ENTRY_WORDS)
      this.#runs.push(Run.write(join(this.#folder, `${++this.#made}.keys`), part))
    }
  }

  /** Deletes the runs whose values are all below this one. */
  expire(now: number): void {
    if (this.#runs.every(({ last }) => last >= now)) return
    for (const run of this.#runs) if (run.last < now) run.close()
    this.#runs = this.#runs.filter(({ last }) => last >= now)
  }

  /** Deletes everything. */
  close(): void {
    for (const run of this.#runs) run.close()
    this.#runs = []
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** One file of entries, sorted by the first word of their keys. */
class Run {
  readonly #path: string
  readonly #file: number
  readonly #filter: Filter
  /** First word of every `BLOCK`th entry. */
  readonly #marks: Uint32Array
  readonly #block = new Int32Array(BLOCK * ENTRY_WORDS)
  readonly size: number
  /** The largest value. */
  readonly last: number

  static write(path: string, entries: Int32Array): Run {
    const file = openSync(path, 'wx+', 0o600)
    try {
      return new Run(path, file, sorted(entries))
    } catch (error) {
      closeSync(file)
      rmSync(path, { force: true })
      throw error
    }
  }

  constructor(path: string, file: number, entries: Int32Array) {
    this.#path = path
    this.#file = file
    this.size = entries.length / ENTRY_WORDS
    this.#filter = new Filter(this.size)
    this.#marks = new Uint32Array(Math.ceil(this.size / BLOCK))
    let last = 0
    for (let index = 0; index < this.size; index++) {
      const at = index * ENTRY_WORDS
      if (index % BLOCK === 0) this.#marks[index / BLOCK] = entries[at] as number
      this.#filter.add(entries, at)
      last = Math.max(last, entries[at + 4] as number)
    }
    this.last = last
    const bytes = new Uint8Array(entries.buffer, entries.byteOffset, entries.byteLength)
    for (let written = 0; written < bytes.byteLength; ) written += writeSync(file, bytes, written)
  }

  get(key: Int32Array): number | undefined {
    if (!this.#filter.mayHold(key)) return undefined
    const first = (key[0] as number) >>> 0
    // Equal first words may start in the block before the one that they mark.
    for (let block = this.#lastBlock(first); block >= 0; block--) {
      const value = this.#search(block, key)
      if (value !== undefined) return value
      if ((this.#marks[block] as number) < first) return undefined
    }
    return undefined
  }

  close(): void {
    closeSync(this.#file)
    rmSync(this.#path, { force: true })
  }

  /** The last block that starts with this first word or a smaller one; -1 if there is none. */
  #lastBlock(first: number): number {
    let [low, high] = [0, this.#marks.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#marks[middle] as number) <= first) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  #search(block: number, key: Int32Array): number | undefined {
    const words = this.#block
    const bytes = readSync(this.#file, words, 0, BLOCK * ENTRY_BYTES, block * BLOCK * ENTRY_BYTES)
    for (let at = 0; at < bytes / 4; at += ENTRY_WORDS) {
      const isKey = words[at] === key[0] && words[at + 1] === key[1] && words[at + 2] === key[2]
      if (isKey && words[at + 3] === key[3]) return words[at + 4]
    }
    return undefined
  }
}

/** Bloom filter (CACM 13, 1970) with double hashing over words of the keys, which are hashes themselves. */
class Filter {
  readonly #bits: Uint32Array

  constructor(keys: number) {
    this.#bits = new Uint32Array(Math.ceil((keys * FILTER_BITS_PER_KEY) / 32) + 1)
  }

  add(words: Int32Array, at: number): void {
    const bits = this.#bits.length * 32
    let bit = (words[at + 2] as number) >>> 0
    for (let probe = 0; probe < FILTER_PROBES; probe++) {
      const place = bit % bits
      this.#bits[place >>> 5] = (this.#bits[place >>> 5] as number) | (1 << (place & 31))
      bit += (words[at + 3] as number) >>> 0
    }
  }

  mayHold(key: Int32Array): boolean {
    const bits = this.#bits.length * 32
    let bit = (key[2] as number) >>> 0
    for (let probe = 0; probe < FILTER_PROBES; probe++) {
      const place = bit % bits
      if (((this.#bits[place >>> 5] as number) & (1 << (place & 31))) === 0) return false
      bit += (key[3] as number) >>> 0
    }
    return true
  }
}

/** Sorted by the first words as unsigned numbers. */
function sorted(entries: Int32Array): Int32Array {
  const size = entries.length / ENTRY_WORDS
  // One number contains the first word and the position of an entry exactly: 32 bits and 21.
  const order = new Float64Array(size)
  for (let index = 0; index < size; index++) {
    order[index] = ((entries[index * ENTRY_WORDS] as number) >>> 0) * MAX_ENTRIES + index
  }
  order.sort()
  const result = new Int32Array(entries.length)
  for (let index = 0; index < size; index++) {
    const from = ((order[index] as number) % MAX_ENTRIES) * ENTRY_WORDS
    for (let word = 0; word < ENTRY_WORDS; word++) result[index * ENTRY_WORDS + word] = entries[from + word] as number
  }
  return result
}
