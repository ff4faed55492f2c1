import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { RecencyTable } from '../../../../../exporter/detection/model/state/recency-table.ts'

/** Hashes that share their low half, their high half, or neither. */
const hash = fc.oneof(
  fc.nat(20),
  fc.nat(20).map(high => high * 2 ** 32),
  fc.maxSafeNat(),
  fc.nat(2000).map(index => index * 7_919_000_003),
)

type Entry = readonly [value: number, flag: boolean]

/** The same as a Map in which a key that is put again moves to the end. */
class Model {
  readonly #entries = new Map<string, Entry>()

  put(key: string, entry: Entry): void {
    this.#entries.delete(key)
    this.#entries.set(key, entry)
  }

  deleteOldest(tag: number): void {
    const oldest = this.entries(tag)[0]
    if (oldest !== undefined) this.#entries.delete(oldest[0])
  }

  get(key: string): Entry | undefined {
    return this.#entries.get(key)
  }

  entries(tag: number): [string, Entry][] {
    return [...this.#entries].filter(([key]) => key.startsWith(`${tag} `))
  }

  get size(): number {
    return this.#entries.size
  }
}

function contentOf(table: RecencyTable, tag: number): [string, Entry][] {
  return [...table.positions(tag)].map(position => {
    return [`${tag} ${table.hash(position)}`, [table.value(position), table.flag(position)]]
  })
}

describe('RecencyTable', () => {
  it('holds what a Map would hold, in the order of the last putting', () => {
    const action = fc.oneof(
      { weight: 20, arbitrary: fc.tuple(hash, fc.nat(3), fc.nat(2 ** 32 - 1), fc.boolean()) },
      { weight: 1, arbitrary: fc.nat(3) },
    )
    fc.assert(
      fc.property(fc.array(action, { maxLength: 1500, size: 'max' }), actions => {
        const table = new RecencyTable()
        const model = new Model()
        for (const one of actions) {
          if (typeof one === 'number') {
            const oldest = table.oldest(one)
            if (oldest >= 0) table.delete(oldest)
            model.deleteOldest(one)
            continue
          }
          const [key, tag, value, flag] = one
          const known = table.find(key, tag)
          const [heldValue, heldFlag] = model.get(`${tag} ${key}`) ?? []
          const isSame =
            known < 0 ? heldValue === undefined : heldValue === table.value(known) && heldFlag === table.flag(known)
          if (!isSame) throw new Error(`${key} of tag ${tag} is not as it was put`)
          table.put(key, value, tag, flag)
          model.put(`${tag} ${key}`, [value, flag])
        }
        expect(table.size).toBe(model.size)
        for (const tag of [0, 1, 2, 3]) expect(contentOf(table, tag)).toEqual(model.entries(tag))
      }),
      { numRuns: 40 },
    )
  })

  it('finds the oldest of many at once, however many entries of another tag are older', () => {
    const table = new RecencyTable()
    for (let key = 0; key < 50_000; key++) table.put(key, 1, 0)
    for (let key = 0; key < 50_000; key++) table.put(key, 2, 1)
    const taken: number[] = []
    for (let count = 0; count < 40_000; count++) {
      const oldest = table.oldest(1)
      taken.push(table.hash(oldest))
      table.delete(oldest)
    }
    expect(taken.every((key, index) => key === index)).toBe(true)
    expect(table.size).toBe(60_000)
    expect(table.oldest(2)).toBe(-1)
  })

  it('is empty again after clear', () => {
    const table = new RecencyTable()
    for (let key = 0; key < 1000; key++) table.put(key, key)
    table.clear()
    expect(table.size).toBe(0)
    expect(table.find(5)).toBe(-1)
    table.put(5, 7)
    expect([...table.positions()].map(position => table.value(position))).toEqual([7])
  })
})
