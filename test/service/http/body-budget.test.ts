import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { BodyBudget } from '../../../service/http/body-budget.ts'
import { peerOf } from '../../../service/http/peer.ts'

describe('the budget of bodies', () => {
  it('is limited for one peer and for all, and is given back', () => {
    const budget = new BodyBudget({ perPeer: 10, total: 15 })
    const [first, second, other] = [budget.open('a'), budget.open('a'), budget.open('b')]
    expect([first.take(6), second.take(5), second.take(4)]).toEqual([true, false, true])
    expect([other.take(6), other.take(5)]).toEqual([false, true])
    first.close()
    expect([other.take(6), other.take(5)]).toEqual([false, true])
    second.close()
    other.close()
    other.close()
    expect([budget.open('c').take(10), budget.open('d').take(5), budget.open('e').take(1)]).toEqual([true, true, false])
  })

  it('never exceeds its limits, whatever is taken and given back', () => {
    const step = fc.record({ peer: fc.nat(3), bytes: fc.integer({ min: 1, max: 12 }), ends: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step), steps => {
        const budget = new BodyBudget({ perPeer: 20, total: 30 })
        const held = new Map<number, number>()
        const accounts = [0, 1, 2, 3].map(peer => budget.open(String(peer)))
        for (const { peer, bytes, ends } of steps) {
          if (accounts[peer]?.take(bytes)) held.set(peer, (held.get(peer) ?? 0) + bytes)
          expect(Math.max(0, ...held.values())).toBeLessThanOrEqual(20)
          expect([...held.values()].reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(30)
          if (!ends) continue
          accounts[peer]?.close()
          held.delete(peer)
        }
      }),
    )
  })
})

it.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  [undefined, ''],
])('the limits of %s are those of %s', (address, peer) => {
  expect(peerOf(address)).toBe(peer)
})
