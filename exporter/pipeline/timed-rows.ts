import type { Json } from '../../service/state/state.ts'
import type { ChangedRow, JsonPersistent, SavedRow } from '../contracts/persistent.ts'
import { excessOf } from './excess.ts'

/** Maximum rows of one document: a commit writes the whole document again when one row has changed. */
const DOCUMENT_ROWS = 256

/** The document in which a row is saved. */
export interface Place<T> {
  readonly name: string
  readonly bucket: number
  readonly rows: Set<T>
  isWritten: boolean
}

export interface TimedRow<T> {
  place: Place<T> | undefined
  /** Hash of what the row is, see `contentHash`; decides which of a bucket are evicted. */
  readonly hash: number
}

export interface TimedRowsOptions<T> {
  readonly key: string
  readonly encode: (row: T) => Json
  /** A row as it was encoded; undefined where it is not to be kept. */
  readonly decode: (row: Json, bucket: number) => T | undefined
}

/**
 * Rows by a bucket of time, saved in documents of some hundred rows of one bucket: a commit writes what has changed and
 * not all that is remembered, and a bucket that has passed is deleted, not written again.
 */
export class TimedRows<T extends TimedRow<T>> implements JsonPersistent {
  readonly key: string
  readonly format = 'json'
  readonly #options: TimedRowsOptions<T>
  /** The last place of a bucket is the one that takes new rows. */
  readonly #buckets = new Map<number, Place<T>[]>()
  readonly #changed = new Set<Place<T>>()
  #size = 0
  #last = 0

  constructor(options: TimedRowsOptions<T>) {
    this.key = options.key
    this.#options = options
  }

  get size(): number {
    return this.#size
  }

  /** Adds a row, moves it to another bucket or notes that it has changed. */
  put(row: T, bucket: number): void {
    const { place } = row
    if (place?.bucket === bucket) {
      this.#changed.add(place)
      return
    }
    if (place !== undefined) this.delete(row)
    const open = this.#open(bucket)
    this.#enter(row, open)
    this.#changed.add(open)
  }

  delete(row: T): void {
    const { place } = row
    if (place === undefined) return
    row.place = undefined
    place.rows.delete(row)
    this.#size -= 1
    this.#changed.add(place)
    if (place.rows.size === 0) this.#close(place)
  }

  /** Deletes and returns the rows of the buckets before this one. */
  expire(before: number): T[] {
    const expired = [...this.#buckets.keys()].filter(bucket => bucket < before).flatMap(bucket => this.#rowsOf(bucket))
    for (const row of expired) this.delete(row)
    return expired
  }

  /**
   * Where there are more rows than `capacity`: deletes and returns about a quarter, the earliest buckets first, within
   * a bucket by what the rows are and not by the order in which they came.
   */
  shrink(capacity: number): T[] {
    if (this.#size <= capacity) return []
    const evicted: T[] = []
    let excess = this.#size - Math.floor((capacity * 3) / 4)
    for (const bucket of [...this.#buckets.keys()].sort((a, b) => a - b)) {
      if (excess <= 0) break
      const rows = this.#rowsOf(bucket)
      const left = excessOf(rows, Math.max(0, rows.length - excess), ({ hash }) => hash)
      excess -= left.length
      for (const row of left) evicted.push(row)
    }
    for (const row of evicted) this.delete(row)
    return evicted
  }

  /** Documents that have changed since they were last asked for. */
  changes(): readonly ChangedRow<Json>[] {
    const documents: ChangedRow<Json>[] = []
    for (const place of this.#changed) {
      const { name, rows, isWritten } = place
      if (rows.size > 0) documents.push({ name, value: Array.from(rows, this.#options.encode) })
      else if (isWritten) documents.push({ name, value: null })
      place.isWritten = true
    }
    this.#changed.clear()
    return documents
  }

  restore(documents: readonly SavedRow<Json>[]): void {
    const { decode } = this.#options
    for (const { name, value } of documents) {
      const [bucket = 0, number = 0] = name.split('/').map(Number)
      const place = this.#add({ name, bucket, rows: new Set(), isWritten: true })
      this.#last = Math.max(this.#last, number)
      const saved = value as readonly Json[]
      for (const row of saved.map(one => decode(one, bucket))) if (row !== undefined) this.#enter(row, place)
      if (place.rows.size < saved.length) this.#changed.add(place)
      if (place.rows.size === 0) this.#close(place)
    }
  }

  #rowsOf(bucket: number): T[] {
    return (this.#buckets.get(bucket) ?? []).flatMap(({ rows }) => [...rows])
  }

  #enter(row: T, place: Place<T>): void {
    row.place = place
    place.rows.add(row)
    this.#size += 1
  }

  #open(bucket: number): Place<T> {
    const places = this.#buckets.get(bucket)
    const newest = places?.at(-1)
    if (newest !== undefined && newest.rows.size < DOCUMENT_ROWS) return newest
    this.#last += 1
    const name = `${bucket}/${this.#last}`
    return this.#add({ name, bucket, rows: new Set(), isWritten: false })
  }

  #add(place: Place<T>): Place<T> {
    const places = this.#buckets.get(place.bucket)
    if (places === undefined) this.#buckets.set(place.bucket, [place])
    else places.push(place)
    return place
  }

  #close(place: Place<T>): void {
    const left = this.#buckets.get(place.bucket)?.filter(other => other !== place) ?? []
    if (left.length > 0) this.#buckets.set(place.bucket, left)
    else this.#buckets.delete(place.bucket)
  }
}
