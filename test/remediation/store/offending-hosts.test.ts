import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { contains, parseTarget, type Target, widen } from '../../../core/net/target.ts'
import { OFFENDING_HOSTS, OffendingHosts } from '../../../remediation/store/offending-hosts.ts'

const target = (text: string) => parseTarget(text) as Target

function remembered() {
  const database = new DatabaseSync(':memory:')
  database.exec(OFFENDING_HOSTS)
  return { database, hosts: new OffendingHosts(database) }
}

describe('hosts that offended', () => {
  it('are those of one network, beside the host that is asked for, the latest first', () => {
    const host = fc.oneof(
      fc.tuple(fc.nat(2), fc.nat(3)).map(([net, byte]) => `192.0.${net}.${byte}`),
      fc.tuple(fc.nat(2), fc.nat(3)).map(([net, byte]) => `2001:db8:0:${net}::${byte}`),
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(host, fc.nat(50)), { maxLength: 30 }), host, fc.nat(5), (noted, text, limit) => {
        const { hosts } = remembered()
        const last = new Map<string, number>()
        for (const [one, at] of noted) {
          hosts.note(target(one), at)
          last.set(target(one).text, at)
        }
        const asked = target(text)
        const network = widen(asked, asked.family === 4 ? 24 : 64)
        const others = [...last].filter(([one]) => one !== asked.text && contains(network, target(one)))
        const latest = others.map(([, at]) => at).toSorted((one, other) => other - one)
        expect(hosts.others(asked, network, limit)).toEqual(latest.slice(0, limit))
      }),
    )
  })

  it('are no networks, and none that a person decided about', () => {
    const { hosts } = remembered()
    for (const one of ['192.0.2.0/25', '192.0.2.1', '192.0.2.2', '192.0.2.200']) hosts.note(target(one), 1)
    const others = () => hosts.others(target('192.0.2.3'), target('192.0.2.0/24'), 9)
    expect(others()).toHaveLength(3)
    hosts.forget(target('192.0.2.1'))
    expect(others()).toHaveLength(2)
    hosts.forget(target('192.0.2.0/25'))
    expect(others()).toHaveLength(1)
  })

  it('are as many as can be remembered, the latest', () => {
    const { database, hosts } = remembered()
    database.exec(`WITH RECURSIVE n(at) AS (SELECT 1 UNION ALL SELECT at + 1 FROM n WHERE at < 100010)
      INSERT INTO offending_hosts SELECT '4:' || printf('%08x', at), at FROM n`)
    hosts.prune(5)
    const { count, first } = database
      .prepare('SELECT count(*) AS count, min(last) AS first FROM offending_hosts')
      .get() as Record<string, unknown>
    expect({ count, first }).toEqual({ count: 100_000, first: 11 })
  })
})
