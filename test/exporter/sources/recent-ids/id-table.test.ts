import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { seededRandom } from '../../../../core/random.ts'
import { IdHasher } from '../../../../exporter/sources/elasticsearch/id-hash.ts'
import { ABSENT, IdTable, MINUTE_SPAN } from '../../../../exporter/sources/recent-ids/id-table.ts'

const hashId = (id: string) => new IdHasher().ofText(id)

const half = fc.oneof(fc.constantFrom(0, 1, 63, 64, -1, -(2 ** 31)), fc.integer())
const hash = fc.record({ high: half, low: half }).filter(({ high, low }) => high !== 0 || low !== 0)

describe('a table of ids by their newest minute', () => {
  it('is the same as a map, whatever minutes are opened and forgotten and whatever shares a slot', () => {
    const step = fc.oneof(
      { weight: 8, arbitrary: fc.record({ place: hash, minute: fc.nat({ max: 5 }) }) },
      { weight: 1, arbitrary: fc.record({ forget: fc.nat({ max: 5 }) }) },
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), steps => {
        const table = new IdTable()
        const truth = new Map<string, number>()
        const open = new Set<number>()
        for (const one of steps) {
          if ('forget' in one) {
            if (open.delete(one.forget)) table.forget(one.forget)
            for (const [id, minute] of truth) if (minute === one.forget) truth.delete(id)
            continue
          }
          const { place, minute } = one
          if (!open.has(minute)) table.open(minute)
          open.add(minute)
          const id = `${place.high}/${place.low}`
          const known = truth.get(id)
          expect(table.place(place, minute)).toBe(known ?? ABSENT)
          truth.set(id, Math.max(minute, known ?? 0))
        }
      }),
    )
  })

  it('holds the one hash that marks an empty slot', () => {
    const table = new IdTable()
    table.open(1)
    expect(table.place({ high: 0, low: 0 }, 1)).toBe(ABSENT)
    expect(table.place({ high: 0, low: 0 }, 1)).toBe(1)
  })

  it('takes no entry of a forgotten minute for one of the minute that has its slot afterwards', () => {
    for (const between of [0, 255, 256, 300]) {
      const table = new IdTable()
      table.open(7)
      for (let id = 0; id < 1_000; id++) table.place(hashId(`id-${id}`), 7)
      table.forget(7)
      for (let minute = 0; minute < between; minute++) table.open(1_000 + minute)
      table.open(7 + MINUTE_SPAN)
      const sightings = Array.from({ length: 1_000 }, (_, id) => table.place(hashId(`id-${id}`), 7 + MINUTE_SPAN))
      expect(new Set(sightings)).toEqual(new Set([ABSENT]))
    }
  })

  it('refuses minutes that it cannot distinguish', () => {
    const table = new IdTable()
    table.open(7)
    expect(() => table.open(7 + MINUTE_SPAN)).toThrow(RangeError)
  })

  it('needs at most 15.5 bytes for each id of the last hour, and gives back what a burst needed', () => {
    const table = new IdTable()
    const perMinute = 1_000
    const random = seededRandom(1)
    const half = () => Math.floor(random() * 2 ** 32) | 0
    const minuteOf = (minute: number, documents = perMinute) => {
      table.open(minute)
      for (let document = 0; document < documents; document++) table.place({ high: half(), low: half() }, minute)
      if (minute >= 60) table.forget(minute - 60)
    }
    for (let minute = 0; minute < 120; minute++) minuteOf(minute)
    const steady = table.bytes
    expect(steady / (60 * perMinute)).toBeLessThan(15.5)
    minuteOf(120, 60 * perMinute)
    expect(table.bytes).toBeGreaterThan(1.5 * steady)
    for (let minute = 121; minute < 500; minute++) minuteOf(minute)
    expect(table.bytes).toBeLessThan(1.05 * steady)
  })
})

describe('the hash of an id', () => {
  it('keeps 100,000 ids apart that a shipper made of file, offset and time', () => {
    const hashes = new Set<string>()
    const lows = new Set<number>()
    for (let line = 0; line < 100_000; line++) {
      const { high, low } = hashId(`/var/log/openclaw/openclaw-2026-11-24.log-${line * 457}-2026-11-24T00:00:00.000Z`)
      hashes.add(`${high}/${low}`)
      lows.add(low)
    }
    expect(hashes.size).toBe(100_000)
    // Of 2^32 values, 100,000 random ones have about one collision.
    expect(lows.size).toBeGreaterThan(100_000 - 10)
  })
})
