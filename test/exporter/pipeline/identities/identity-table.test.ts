import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { DAY_MS, MINUTE_MS } from '../../../../core/clock.ts'
import type { Identity, IdentityReport } from '../../../../exporter/pipeline/identities/identity.ts'
import { IdentityTable } from '../../../../exporter/pipeline/identities/identity-table.ts'
import { NOON } from '../fixtures.ts'

const CHANGES = { gateway: 'kc', trustZone: 'management' }
const SIGN_INS = { gateway: 'kc', trustZone: 'agents' }

function table(capacity?: number) {
  let evicted = 0
  const held = new IdentityTable(entries => {
    evicted += entries
  }, capacity)
  const report = (one: IdentityReport, place = one.used === undefined ? CHANGES : SIGN_INS) => held.report(place, one)
  return { held, report, all: () => [...held.identities()], evicted: () => evicted }
}

const at = (minutes: number) => NOON + minutes * MINUTE_MS
const created: IdentityReport = { names: { kind: 'client', id: 'C', name: 'agent' }, time: at(0), secretSet: at(0) }
const signedIn: IdentityReport = {
  names: { kind: 'client', realm: 'shop', userId: 'U', name: 'agent' },
  time: at(5),
  used: at(5),
  scopes: ['email'],
}
const rotated: IdentityReport = { names: { kind: 'client', id: 'C' }, time: at(7), secretSet: at(7) }
const granted: IdentityReport = { names: { kind: 'user', id: 'U' }, time: at(8), granted: ['execute:playbooks'] }
const revoked: IdentityReport = { names: { kind: 'user', id: 'U' }, time: at(9), revoked: ['execute:playbooks'] }
const life = [created, signedIn, rotated, granted, revoked]

const without = ({ granted, ...identity }: Identity) => ({ ...identity, granted: Object.entries(granted).sort() })

describe('the identities of a realm', () => {
  it('are one for each account, whatever of it a record names', () => {
    const { report, all } = table()
    for (const one of life) report(one)
    expect(all()).toEqual([
      {
        gateway: 'kc',
        trustZone: 'agents',
        kind: 'client',
        realm: 'shop',
        id: 'C',
        userId: 'U',
        name: 'agent',
        since: at(0),
        seen: at(9),
        used: at(5),
        secretSet: at(7),
        granted: { 'execute:playbooks': { time: at(9), isHeld: false } },
        token: { time: at(5), scopes: ['email'] },
      },
    ])
  })

  it('are the same in any order of their records, and however often each is read', () => {
    const { report, all } = table()
    for (const one of life) report(one)
    const expected = all().map(without)
    fc.assert(
      fc.property(fc.shuffledSubarray([...life, ...life, ...life], { minLength: 15 }), shuffled => {
        const other = table()
        for (const one of shuffled) other.report(one)
        expect(other.all().map(without)).toEqual(expected)
      }),
    )
  })

  it('are two where two have one name', () => {
    const { report, all } = table()
    report({ ...signedIn, names: { ...signedIn.names, realm: 'one', userId: 'U1' } })
    report({ ...signedIn, names: { ...signedIn.names, realm: 'two', userId: 'U2' } })
    expect(all().map(({ realm, userId }) => [realm, userId])).toEqual([
      ['one', 'U1'],
      ['two', 'U2'],
    ])
    // Which of them was created is not known: it is neither.
    report(created)
    expect(all().map(({ secretSet }) => secretSet)).toEqual([undefined, undefined])
    report({ ...created, names: { kind: 'client', id: 'C2', userId: 'U2', name: 'agent' } })
    expect(all().map(({ id }) => id)).toEqual([undefined, 'C2'])
  })

  it('are two at two gateways', () => {
    const { report, all } = table()
    report(signedIn)
    report(signedIn, { gateway: 'other', trustZone: 'agents' })
    expect(all()).toHaveLength(2)
  })

  it('are forgotten with their account', () => {
    const { held, report, all } = table()
    for (const one of life) report(one)
    expect(held.remove('other', { kind: 'client', id: 'C' })).toBe(false)
    expect(held.remove('kc', { kind: 'client', id: 'C' })).toBe(true)
    expect(all()).toEqual([])
  })

  it('change no row where a record says nothing new', () => {
    const { held, report } = table()
    for (const one of life) report(one)
    expect(held.changes()).toHaveLength(1)
    expect(life.map(one => report(one))).toEqual(life.map(() => false))
    expect(held.changes()).toEqual([])
  })
})

describe('the tokens of a device', () => {
  const token = (role: string, time: number): IdentityReport => ({
    names: { kind: 'device_token', id: 'D', role },
    time,
    secretSet: time,
    scopes: [],
  })
  it('are one for each role, and go with the device', () => {
    const { held, report, all } = table()
    report(token('operator', at(0)))
    report(token('node', at(0)))
    report(token('operator', at(1)))
    expect(all().map(({ role, secretSet }) => [role, secretSet])).toEqual([
      ['operator', at(1)],
      ['node', at(0)],
    ])
    held.remove('kc', { kind: 'device_token', id: 'D', role: 'node' })
    expect(all().map(({ role }) => role)).toEqual(['operator'])
    held.remove('kc', { kind: 'device_token', id: 'D' })
    expect(all()).toEqual([])
  })

  it('that a list does not have are gone, but not those of later', () => {
    const { held, report, all } = table()
    report(token('operator', at(0)))
    report(token('node', at(9)))
    held.removeUnlisted('kc', at(5))
    expect(all().map(({ role }) => role)).toEqual(['node'])
  })
})

describe('the table of identities', () => {
  it('is bounded for each kind, so that users displace no client, and counts what it evicts', () => {
    const { report, all, evicted } = table(10)
    report(signedIn)
    for (let user = 0; user < 11; user++) {
      report({ names: { kind: 'user', id: `u${user}` }, time: at(user), used: at(user) })
    }
    expect(evicted()).toBe(1)
    expect(all().map(({ id, name }) => id ?? name)).toEqual([
      'agent',
      ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(n => `u${n}`),
    ])
  })

  it('is the same after a restart, and goes on the same way', () => {
    const step = fc.record({
      kind: fc.constantFrom('user' as const, 'client' as const),
      id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      name: fc.constantFrom('x', 'y', undefined),
      days: fc.integer({ min: 0, max: 30 }),
    })
    const reportOf = ({
      kind,
      id,
      name,
      days,
    }: {
      kind: 'user' | 'client'
      id: string
      name: string | undefined
      days: number
    }) => ({
      names: { kind, id: `${kind}-${id}`, ...(name !== undefined && { name }) },
      time: NOON + days * DAY_MS,
      used: NOON + days * DAY_MS,
    })
    fc.assert(
      fc.property(fc.array(step), fc.array(step), (before, after) => {
        const one = table(3)
        const saved = new Map<string, unknown>()
        for (const each of before) {
          one.report(reportOf(each))
          for (const { name, value } of one.held.changes()) {
            if (value === null) saved.delete(name)
            else saved.set(name, JSON.parse(JSON.stringify(value)))
          }
        }
        const other = table(3)
        other.held.restore([...saved].map(([name, value]) => ({ name, value: value as never })))
        for (const each of after) {
          one.report(reportOf(each))
          other.report(reportOf(each))
        }
        const sorted = (identities: readonly Identity[]) => identities.map(each => JSON.stringify(without(each))).sort()
        expect(sorted(other.all())).toEqual(sorted(one.all()))
      }),
    )
  })
})
