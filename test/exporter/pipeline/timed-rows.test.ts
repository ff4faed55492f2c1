import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { ChangedRow, SavedRow } from '../../../exporter/contracts/persistent.ts'
import { contentHash } from '../../../exporter/pipeline/excess.ts'
import { type TimedRow, TimedRows } from '../../../exporter/pipeline/timed-rows.ts'
import type { Json } from '../../../service/state/state.ts'

interface Row extends TimedRow<Row> {
  readonly key: string
  value: number
}

type Decode = (saved: Json, bucket: number) => Row | undefined
const row = (key: string, value = 0): Row => ({ key, value, place: undefined, hash: contentHash([key]) })
const rowOf: Decode = saved => row(...(saved as [string, number]))
const table = (decode = rowOf) => new TimedRows<Row>({ key: 'rows/', encode: ({ key, value }) => [key, value], decode })

/** What a state database holds after these commits. */
class Documents {
  readonly #byName = new Map<string, SavedRow<Json>>()

  take(changes: readonly ChangedRow<Json>[]): number {
    for (const { name, value } of structuredClone(changes)) {
      if (value === null) this.#byName.delete(name)
      else this.#byName.set(name, { name, value })
    }
    return changes.length
  }

  get all(): readonly SavedRow<Json>[] {
    return [...this.#byName.values()]
  }

  /** Rows as a restart finds them. */
  rows(): string[] {
    const found: string[] = []
    const decode: Decode = (saved, bucket) => {
      const [key, value] = saved as [string, number]
      found.push(`${bucket} ${key} ${value}`)
      return row(key, value)
    }
    table(decode).restore(this.all)
    return found.toSorted()
  }
}

describe('timed rows', () => {
  it('are found after a restart as they were at the last commit, whatever became of them', () => {
    const act = fc.record({
      kind: fc.constantFrom('put', 'put', 'put', 'change', 'delete', 'expire', 'commit', 'restart'),
      key: fc.nat(9),
      bucket: fc.nat(4),
    })
    fc.assert(
      fc.property(fc.array(act, { maxLength: 80 }), acts => {
        const documents = new Documents()
        let rows = table()
        let held = new Map<string, Row>()
        for (const { kind, key: number, bucket } of acts) {
          const key = `k${number}`
          const known = held.get(key)
          if (kind === 'put') {
            const one = known ?? row(key)
            held.set(key, one)
            rows.put(one, bucket)
          } else if (kind === 'change' && known?.place !== undefined) {
            known.value += 1
            rows.put(known, known.place.bucket)
          } else if (kind === 'delete' && known !== undefined) {
            rows.delete(known)
            held.delete(key)
          } else if (kind === 'expire') {
            for (const gone of rows.expire(bucket)) held.delete(gone.key)
          } else if (kind === 'restart') {
            documents.take(rows.changes())
            held = new Map()
            rows = table((saved, bucket) => {
              const one = rowOf(saved, bucket) as Row
              held.set(one.key, one)
              return one
            })
            rows.restore(documents.all)
          }
          documents.take(rows.changes())
          expect(rows.size).toBe(held.size)
          expect(documents.rows()).toEqual(
            [...held.values()].map(({ key, value, place }) => `${place?.bucket} ${key} ${value}`).toSorted(),
          )
        }
      }),
    )
  })

  it('write little for one row of many', () => {
    const rows = table()
    const many = Array.from({ length: 10_000 }, (_, index) => row(`k${index}`))
    for (const one of many) rows.put(one, 1)
    const documents = new Documents()
    expect(documents.take(rows.changes())).toBeLessThan(50)
    rows.put(many[5_000] as Row, 1)
    const written = rows.changes().map(({ value }) => value as readonly unknown[])
    expect(written).toHaveLength(1)
    expect(written.flat(1).length).toBeLessThanOrEqual(256)
    expect(rows.changes()).toEqual([])
  })

  it('that a restart does not want any more are deleted with the next commit', () => {
    const rows = table()
    for (const one of [row('kept'), row('unwanted')]) rows.put(one, 1)
    rows.put(row('unwanted'), 2)
    const documents = new Documents()
    documents.take(rows.changes())
    const after = table((saved, bucket) => {
      const one = rowOf(saved, bucket)
      return one?.key === 'kept' ? one : undefined
    })
    after.restore(documents.all)
    documents.take(after.changes())
    expect(documents.rows()).toEqual(['1 kept 0'])
  })

  it('evict the earliest buckets first, and of a bucket the same rows in any order of arrival', () => {
    const evictedOf = (keys: readonly number[]) => {
      const rows = table()
      for (const key of keys) rows.put(row(`k${key}`), key < 10 ? 0 : 1)
      return rows.shrink(80).map(({ key }) => key)
    }
    const keys = Array.from({ length: 100 }, (_, index) => index)
    const evicted = evictedOf(keys)
    expect(evicted).toHaveLength(40)
    expect(keys.slice(0, 10).filter(key => !evicted.includes(`k${key}`))).toEqual([])
    expect(evictedOf(keys.toReversed()).toSorted()).toEqual(evicted.toSorted())
    expect(evictedOf(keys.slice(0, 80))).toEqual([])
  })
})
