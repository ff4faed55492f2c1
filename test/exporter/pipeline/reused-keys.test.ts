import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { HOUR_MS } from '../../../core/clock.ts'
import type { SecurityEvent } from '../../../core/event.ts'
import { PAIR_WAIT_MS, type PairException, Pairing } from '../../../exporter/pipeline/pairing.ts'
import { claim, NOON, restartOf } from './fixtures.ts'

type Role = 'leading' | 'deputy' | 'partner'

const clock = { now: () => NOON }

describe('pairs with a reused key', () => {
  const HALF_MINUTE = 30_000
  const flow = (role: Role) => claim({ pair: { key: 'a 1 b 2', role, isReused: true } })
  const outcomes = { leading: 'denied', deputy: 'unknown', partner: 'success' } as const
  const of = (role: Role, time: number): SecurityEvent => ({
    signal: 'policy_decisions',
    labels: { engine: 'cilium', policy: 'other', decision: 'deny', source_zone: 'a', destination_zone: 'b' },
    outcome: outcomes[role],
    severity: 'medium',
    eventTime: time,
    count: 1,
    gateway: 'gw',
    trustZone: 'b',
    actor: { addressTrusted: false },
    record: { source: 'log', id: '1' },
  })

  /** The outcomes that are counted of lines in this order, each with the role and the time of one. */
  function counted(lines: readonly (readonly [Role, number])[]): readonly string[] {
    const pairing = new Pairing({ clock, source: 'log' })
    const atOnce = lines.flatMap(([role, time]) => {
      const made = of(role, time)
      return pairing.admit(flow(role), made, NOON) ? [made] : []
    })
    return [...atOnce, ...pairing.release(NOON + HOUR_MS)].map(({ outcome }) => outcome)
  }

  it('are of one event in the same and in neighbouring half minutes: the leading line counts, else the deputy', () => {
    const role = fc.constantFrom<Role>('leading', 'deputy', 'partner')
    const near = fc.integer({ min: 0, max: 2 * HALF_MINUTE - 1 })
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            role,
            near.map(after => NOON + after),
          ),
          { minLength: 1, maxLength: 8 },
        ),
        lines => {
          const roles = lines.map(([each]) => each)
          const best = (['leading', 'deputy', 'partner'] as const).find(each => roles.includes(each)) as Role
          expect(counted(lines)).toEqual([outcomes[best]])
        },
      ),
    )
  })

  it('are of two events where a half minute is between theirs', () => {
    const apart = fc.integer({ min: 2 * HALF_MINUTE, max: 20 * HALF_MINUTE })
    const role = fc.constantFrom<Role>('leading', 'deputy', 'partner')
    fc.assert(
      fc.property(role, role, apart, fc.boolean(), (first, second, after, swapped) => {
        const lines = [[first, NOON] as const, [second, NOON + after] as const]
        const expected = lines.map(([each]) => outcomes[each]).toSorted()
        expect(counted(swapped ? lines.toReversed() : lines).toSorted()).toEqual(expected)
      }),
    )
  })

  it('count a denial that comes after what was allowed was counted, once, and say that it came late', () => {
    const exceptions: PairException[] = []
    const pairing = new Pairing({ clock, source: 'log', onException: exception => exceptions.push(exception) })
    expect(pairing.admit(flow('partner'), of('partner', NOON), NOON)).toBeUndefined()
    expect(pairing.release(NOON + PAIR_WAIT_MS)).toHaveLength(1)
    const denied = () => pairing.admit(flow('leading'), of('leading', NOON), NOON + PAIR_WAIT_MS)
    expect([denied(), denied()].map(Boolean)).toEqual([true, false])
    expect(exceptions).toEqual(['leading_after_partner'])
    const allowed = () => pairing.admit(flow('leading'), of('partner', NOON), NOON + PAIR_WAIT_MS)
    expect(allowed()).toBeUndefined()
  })

  it('are known after a restart', () => {
    const pairing = new Pairing({ clock, source: 'log' })
    pairing.admit(flow('leading'), of('leading', NOON), NOON)
    expect(restartOf(pairing).admit(flow('leading'), of('leading', NOON + HALF_MINUTE), NOON)).toBeUndefined()
  })
})
