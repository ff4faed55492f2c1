import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { isInForce } from '../../../../core/acceptance.ts'
import { DAY_MS } from '../../../../core/clock.ts'
import { type Acceptance, Acceptances, MAX_ACCEPTANCES } from '../../../../exporter/pipeline/posture/acceptances.ts'
import { NOON } from '../fixtures.ts'

const acceptance = (parts: Partial<Acceptance> = {}): Acceptance => ({
  check: 'gateway.bind_no_auth',
  who: 'ann',
  why: 'lab',
  accepted: NOON,
  until: NOON + DAY_MS,
  ...parts,
})
const finding = { check: 'gateway.bind_no_auth', target: '' } as const

describe('an acceptance', () => {
  it('is in force until its time', () => {
    const acceptances = new Acceptances()
    acceptances.add(acceptance())
    expect(acceptances.find('gw', finding, NOON + DAY_MS - 1)?.who).toBe('ann')
    expect(acceptances.find('gw', finding, NOON + DAY_MS)).toBeUndefined()
    expect(acceptances.nextEnd(NOON)).toBe(NOON + DAY_MS)
    expect(acceptances.nextEnd(NOON + DAY_MS)).toBe(Number.POSITIVE_INFINITY)
  })

  it('is of one target or gateway where it names one', () => {
    const acceptances = new Acceptances()
    acceptances.add(acceptance({ gateway: 'lab', target: 'telegram' }))
    expect(acceptances.find('lab', { ...finding, target: 'telegram' }, NOON)).toBeDefined()
    expect(acceptances.find('lab', finding, NOON)).toBeUndefined()
    expect(acceptances.find('gw', { ...finding, target: 'telegram' }, NOON)).toBeUndefined()
  })

  it('that is ended or replaced stays in the list with who did it, also after a restart, for 90 days', () => {
    const before = new Acceptances()
    before.add(acceptance())
    before.add(acceptance({ who: 'bob', accepted: NOON + 1 }))
    expect(before.end(acceptance({ gateway: 'other' }), 'eve', NOON + 2)).toBe(0)
    expect(before.end(acceptance(), 'eve', NOON + 2)).toBe(1)
    const after = new Acceptances()
    after.restore(JSON.parse(JSON.stringify(before.changes())))
    const entries = after.list(NOON + 3).map(({ who, ended }) => [who, ended?.who])
    expect(entries).toEqual([
      ['bob', 'eve'],
      ['ann', 'bob'],
    ])
    expect(after.list(NOON + 3 + 90 * DAY_MS)).toEqual([])
  })

  it('that is in force is never dropped for a new one', () => {
    const acceptances = new Acceptances()
    for (let n = 0; n < MAX_ACCEPTANCES; n++) expect(acceptances.add(acceptance({ target: `t${n}` }))).toBe(true)
    expect(acceptances.add(acceptance({ target: 'more' }))).toBe(false)
    acceptances.end(acceptance({ target: 't7' }), 'ann', NOON)
    expect(acceptances.add(acceptance({ target: 'more' }))).toBe(true)
  })
})

it('of the same findings at most one acceptance is in force, whatever operators do', () => {
  const step = fc.record({
    gateway: fc.constantFrom('a', 'b'),
    isEnd: fc.boolean(),
    passed: fc.nat(DAY_MS),
    term: fc.integer({ min: 1, max: 3 * DAY_MS }),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), steps => {
      const acceptances = new Acceptances()
      let now = NOON
      for (const { gateway, isEnd, passed, term } of steps) {
        now += passed
        if (isEnd) acceptances.end(acceptance({ gateway }), 'eve', now)
        else acceptances.add(acceptance({ gateway, accepted: now, until: now + term }))
        const inForce = acceptances.list(now).filter(entry => isInForce(entry, now))
        expect(new Set(inForce.map(entry => entry.gateway)).size).toBe(inForce.length)
        expect(acceptances.find(gateway, finding, now) === undefined).toBe(isEnd)
      }
    }),
  )
})
