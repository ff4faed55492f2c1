import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { BytesPersistent, JsonPersistent, SavedRow } from '../../../exporter/contracts/persistent.ts'
import { SavedParts } from '../../../exporter/pipeline/saved-parts.ts'
import type { Json } from '../../../service/state/state.ts'

/** A part that gives these rows once, and writes down those that it is given. */
class JsonPart implements JsonPersistent {
  readonly format = 'json'
  readonly key: string
  readonly restored: SavedRow<Json>[] = []
  readonly #rows: readonly SavedRow<Json>[]
  constructor(key: string, rows: readonly SavedRow<Json>[] = []) {
    this.key = key
    this.#rows = rows
  }
  changes = () => this.#rows
  restore(rows: readonly SavedRow<Json>[]): void {
    this.restored.push(...rows)
  }
}

const bytesPart = (key: string): BytesPersistent => ({
  key,
  format: 'bytes',
  changes: () => [],
  restore: () => undefined,
})

describe('parts of the state', () => {
  it('are each given back their own rows, whatever keys and names hold', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '/', '"', '\\', ' '), maxLength: 8 })
    const row = fc.record({ name: text, value: fc.nat() })
    const rows = fc.uniqueArray(row, { selector: ({ name }) => name, maxLength: 5 })
    fc.assert(
      fc.property(fc.array(fc.tuple(text, rows), { maxLength: 4 }), families => {
        // As keys are made of names that users choose: quoted, so that none is the beginning of another.
        const keys = new Map(families.map(([name, own]) => [`pairs/${JSON.stringify(name)}/`, own]))
        const saved = new SavedParts([...keys].map(([key, own]) => new JsonPart(key, own))).changes()
        const after = [...keys.keys()].map(key => new JsonPart(key))
        new SavedParts(after).restore(saved as { documents: SavedRow<Json>[]; blobs: [] })
        expect(new Map(after.map(({ key, restored }) => [key, restored]))).toEqual(keys)
      }),
    )
  })

  it('are restored in the order of the list, also those without rows', () => {
    const order: string[] = []
    const noting = (key: string): BytesPersistent => ({
      ...bytesPart(key),
      restore: rows => order.push(`${key} ${rows.length}`),
    })
    const blobs = [{ name: 'b/1', value: new Uint8Array() }]
    new SavedParts([noting('c'), noting('b/'), noting('a/')]).restore({ documents: [], blobs })
    expect(order).toEqual(['c 0', 'b/ 1', 'a/ 0'])
  })

  it('leave the rows of others alone', () => {
    const part = new JsonPart('losses/')
    const documents = ['losses', 'losses/a', 'loss', 'other/losses/a'].map(name => ({ name, value: name }))
    new SavedParts([part, bytesPart('losses/')]).restore({ documents, blobs: [] })
    expect(part.restored).toEqual([{ name: 'a', value: 'losses/a' }])
  })

  it('never share rows: a key that is another, or begins with one, is refused', () => {
    expect(() => new SavedParts([new JsonPart('a/'), new JsonPart('a/')])).toThrow(
      'two parts of the state have the key "a/"',
    )
    expect(() => new SavedParts([new JsonPart('a/b/'), new JsonPart('a/')])).toThrow(
      'the key "a/b/" of the state begins with',
    )
    expect(() => new SavedParts([new JsonPart('a/'), bytesPart('a/')])).not.toThrow()
  })
})
