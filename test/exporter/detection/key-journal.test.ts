import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { KeyJournal } from '../../../exporter/detection/key-journal.ts'
import { entityKinds, type MinuteKeys } from '../../../exporter/detection/model/series/minute-input.ts'
import { eventAt, START } from './fixtures.ts'

const seen = fc.record({
  minute: fc.nat(9),
  identity: fc.option(fc.constantFrom('ann', 'bob', '"\\\n', '\ud800'), { nil: undefined }),
  address: fc.constantFrom('198.51.100.1', '198.51.100.2', '2001:db8::1'),
  count: fc.integer({ min: 1, max: 5 }),
})

const minuteOf = (number: number) => START + 60 * number

function journalOf(
  events: readonly { minute: number; identity: string | undefined; address: string; count: number }[],
) {
  const journal = new KeyJournal({ left: 1000, dropped: 0 })
  const model = new Map<number, Map<string, number>>()
  for (const { minute, identity, address, count } of events) {
    const event = eventAt(minute, count, address)
    const actor = { ...event.actor, ...(identity === undefined ? {} : { identity }) }
    journal.add(minuteOf(minute), { ...event, actor })
    const keys = model.get(minute) ?? new Map<string, number>()
    model.set(minute, keys)
    for (const key of [`address ${address}`, ...(identity === undefined ? [] : [`identity ${identity}`])]) {
      keys.set(key, (keys.get(key) ?? 0) + count)
    }
  }
  return { journal, model }
}

const flat = (keys: MinuteKeys) =>
  new Map(
    entityKinds.flatMap(kind => [...(keys[kind] ?? [])].map(([key, count]) => [`${kind} ${key}`, count] as const)),
  )

describe('a journal of keys', () => {
  it('gives the keys of each minute, also when asked again, and after a restart', () => {
    fc.assert(
      fc.property(fc.array(seen, { maxLength: 60 }), events => {
        const { journal, model } = journalOf(events)
        const restored = new KeyJournal({ left: 1000, dropped: 0 })
        for (const [, keys] of journal.changes()) if (keys !== null) restored.restore(keys, true)
        expect(restored.changes()).toEqual([])
        for (const held of [journal, restored, journal]) {
          for (let minute = 0; minute < 10; minute++) {
            expect(flat(held.of(minuteOf(minute)))).toEqual(model.get(minute) ?? new Map())
          }
          expect(held.size).toBe([...model.values()].reduce((sum, keys) => sum + keys.size, 0))
        }
      }),
    )
  })

  it('takes more keys of a minute that was asked for already', () => {
    const { journal } = journalOf([{ minute: 1, identity: undefined, address: '198.51.100.1', count: 2 }])
    journal.of(minuteOf(1))
    journal.add(minuteOf(1), eventAt(1, 3, '198.51.100.1'))
    journal.add(minuteOf(1), eventAt(1, 1, '198.51.100.9'))
    expect(flat(journal.of(minuteOf(1)))).toEqual(
      new Map([
        ['address 198.51.100.1', 5],
        ['address 198.51.100.9', 1],
      ]),
    )
  })

  it('gives its room back when a snapshot covers its minutes, and counts what finds none', () => {
    const budget = { left: 2, dropped: 0 }
    const journal = new KeyJournal(budget)
    for (const minute of [1, 2, 3]) journal.add(minuteOf(minute), eventAt(minute, 1, '198.51.100.1'))
    expect([journal.size, budget.dropped, budget.left]).toEqual([2, 1, 0])
    journal.of(minuteOf(1))
    journal.forget(minuteOf(1))
    expect([journal.size, budget.left]).toEqual([1, 1])
    expect(journal.holdsBefore(minuteOf(2))).toBe(false)
    journal.forget(minuteOf(2))
    expect(budget.left).toBe(2)
    expect(journal.changes()).toEqual([[START / 600, null]])
    expect(journal.changes()).toEqual([])
  })

  it('saves only the ten minutes that have changed', () => {
    const journal = new KeyJournal({ left: 1000, dropped: 0 })
    for (let minute = 0; minute < 50; minute++) journal.add(minuteOf(minute), eventAt(minute, 1, '198.51.100.1'))
    const parts = [0, 1, 2, 3, 4].map(number => START / 600 + number)
    expect(journal.changes().map(([part]) => part)).toEqual(parts)
    journal.add(minuteOf(23), eventAt(23, 1, '198.51.100.2'))
    expect(journal.changes().map(([part]) => part)).toEqual([parts[2]])
    journal.forget(minuteOf(24))
    expect(journal.changes().map(([part, keys]) => [part, keys === null])).toEqual([
      [parts[0], true],
      [parts[1], true],
      [parts[2], false],
    ])
  })

  it('takes over keys that an earlier version saved all together, and saves them in parts', () => {
    const { journal, model } = journalOf([
      { minute: 1, identity: 'ann', address: '198.51.100.1', count: 2 },
      { minute: 12, identity: undefined, address: '198.51.100.2', count: 1 },
    ])
    const texts = journal.changes().map(([, keys]) => new TextDecoder().decode(keys ?? undefined).slice(1, -1))
    const restored = new KeyJournal({ left: 1000, dropped: 0 })
    restored.restore(new TextEncoder().encode(`[${texts.join(',')}]`), false)
    for (const minute of [1, 12]) expect(flat(restored.of(minuteOf(minute)))).toEqual(model.get(minute))
    expect(restored.changes().map(([part]) => part)).toEqual([START / 600, START / 600 + 1])
  })
})
