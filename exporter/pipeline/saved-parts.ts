import { Fault } from '../../core/errors.ts'
import type { BlobValue, DocumentValue, SavedState } from '../../service/state/state.ts'
import type { Persistent, SavedRow } from '../contracts/persistent.ts'

/** Gives each part its own rows of the state database, in the order of the list, and collects what has changed of all. */
export class SavedParts {
  readonly #parts: readonly Persistent[]
  readonly #byKey: Readonly<Record<Persistent['format'], ReadonlyMap<string, Persistent>>>

  /** @throws TypeError where two parts would have the same rows */
  constructor(parts: readonly Persistent[]) {
    this.#parts = parts
    this.#byKey = { json: byKey(parts, 'json'), bytes: byKey(parts, 'bytes') }
  }

  /** Rows that have changed since the last call. */
  changes(): { documents: DocumentValue[]; blobs: BlobValue[] } {
    const documents: DocumentValue[] = []
    const blobs: BlobValue[] = []
    for (const part of this.#parts) {
      if (part.format === 'json') for (const row of part.changes()) documents.push(named(part.key, row))
      else for (const row of part.changes()) blobs.push(named(part.key, row))
    }
    return { documents, blobs }
  }

  /**
   * Rows of no part are left as they are.
   *
   * @throws Fault where a part cannot decode its rows
   */
  restore({ documents, blobs }: Pick<SavedState, 'documents' | 'blobs'>): void {
    const rowsOfDocuments = rowsByKey(this.#byKey.json, documents)
    const rowsOfBlobs = rowsByKey(this.#byKey.bytes, blobs)
    for (const part of this.#parts) {
      try {
        if (part.format === 'json') part.restore(rowsOfDocuments.get(part.key) ?? [])
        else part.restore(rowsOfBlobs.get(part.key) ?? [])
      } catch (cause) {
        throw new Fault(`the rows ${part.key} cannot be decoded`, { cause })
      }
    }
  }
}

const named = <Value>(key: string, { name, value }: { readonly name: string; readonly value: Value }) => ({
  name: key + name,
  value,
})

function byKey(parts: readonly Persistent[], format: Persistent['format']): ReadonlyMap<string, Persistent> {
  const known = new Map<string, Persistent>()
  for (const part of parts) {
    if (part.format !== format) continue
    if (known.has(part.key)) throw new TypeError(`two parts of the state have the key "${part.key}"`)
    known.set(part.key, part)
  }
  for (const key of known.keys()) {
    const outer = beginnings(key).find(beginning => beginning !== key && known.has(beginning))
    if (outer !== undefined) throw new TypeError(`the key "${key}" of the state begins with another, "${outer}"`)
  }
  return known
}

/** The key of the part that a row belongs to: its whole name, or what it begins with up to one of its slashes. */
function keyOf(parts: ReadonlyMap<string, unknown>, name: string): string | undefined {
  return parts.has(name) ? name : beginnings(name).find(beginning => parts.has(beginning))
}

/** What a name begins with, up to each of its slashes. */
function* beginnings(name: string): Generator<string, undefined> {
  for (let slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) yield name.slice(0, slash + 1)
}

function rowsByKey<Value>(
  parts: ReadonlyMap<string, unknown>,
  rows: readonly SavedRow<Value>[],
): ReadonlyMap<string, readonly SavedRow<Value>[]> {
  const found = new Map<string, SavedRow<Value>[]>()
  for (const { name, value } of rows) {
    const key = keyOf(parts, name)
    if (key === undefined) continue
    const own = { name: name.slice(key.length), value }
    const others = found.get(key)
    if (others === undefined) found.set(key, [own])
    else others.push(own)
  }
  return found
}
