import { utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { HOUR_MS, MINUTE_MS } from '../../../core/clock.ts'
import { systemTicker } from '../../../remediation/scheduler.ts'
import {
  alert,
  deliver,
  message,
  startRemediation,
  stopAll,
  type TestService,
  TurnedClock,
  temporaryFolder,
  until,
} from '../service.ts'

afterEach(stopAll)

const enforcing = { mode: 'enforce' }

describe('an alert that calls a playbook', () => {
  it('blocks its address in the kernel for the time of the playbook, and not again when it is repeated', async () => {
    const service = await startRemediation(enforcing)
    for (const startsAt of ['2026-11-24T00:00:00Z', '2026-11-24T00:00:00Z', '2026-11-24T00:00:09Z']) {
      expect((await deliver(service, message([alert('192.0.2.1', { startsAt })]))).status).toBe(200)
    }
    await until('the address is blocked', () => service.ledger.blocks.get('192.0.2.1')?.state === 'applied')
    expect(service.kernel.elements.get('192.0.2.1')).toMatchObject({ set: 'block4', seconds: 3_600 })
    const [incident, ...more] = service.ledger.incidents.list([], 10)
    expect(more).toEqual([])
    expect(incident).toMatchObject({ state: 'blocked', alerts: 2 })
    expect(service.kernel.elements.get('192.0.2.1')?.comment).toBe(incident?.id)
  })

  it('does nothing when it only tells of an end, also where nothing began', async () => {
    const service = await startRemediation(enforcing)
    await deliver(service, message([alert('192.0.2.1', { status: 'resolved' })]))
    expect(service.ledger.incidents.list([], 10)).toEqual([])
    await deliver(service, message([alert('192.0.2.1')]))
    await until('the address is blocked', () => service.kernel.elements.has('192.0.2.1'))
    await deliver(service, message([alert('192.0.2.1', { status: 'resolved' })]))
    expect(service.kernel.elements.has('192.0.2.1')).toBe(true)
  })

  it('is judged by its own status, whatever the message says', async () => {
    const service = await startRemediation(enforcing)
    const alerts = [alert('192.0.2.1', { status: 'resolved' }), alert('192.0.2.2')]
    await deliver(service, message(alerts, { status: 'firing' }))
    await until('the firing one is blocked', () => service.kernel.elements.has('192.0.2.2'))
    expect(service.kernel.elements.has('192.0.2.1')).toBe(false)
  })

  it('never blocks own addresses, proxies and private ranges, whoever asks', async () => {
    const service = await startRemediation(enforcing)
    const protectedOnes = ['203.0.113.50', '203.0.113.99', '10.0.0.1', '127.0.0.1', '::1', '0.0.0.0/0', '192.0.2.0/24']
    await deliver(service, message(protectedOnes.map(address => alert(address))))
    const decided = () => service.ledger.incidents.list(['refused'], 100)
    await until('all are decided on', () => decided().length === protectedOnes.length)
    expect(service.kernel.elements.size).toBe(0)
    expect(
      decided()
        .map(({ target, facts }) => [target, facts.reason])
        .sort(),
    ).toEqual(
      [
        ['0.0.0.0/0', 'prefix_too_wide'],
        ['10.0.0.1', 'never_block'],
        ['127.0.0.1', 'never_block'],
        ['192.0.2.0/24', 'prefix_too_wide'],
        ['203.0.113.50', 'never_block'],
        ['203.0.113.99', 'never_block'],
        ['::1', 'never_block'],
      ].sort(),
    )
  })

  it('only counts in mode observe, and leaves the firewall alone', async () => {
    const service = await startRemediation()
    await deliver(service, message([alert('192.0.2.1')]))
    await until('it is observed', () => service.ledger.incidents.count('observed') === 1)
    expect(await service.metric('clawtrust_remediation_would_block_total')).toBe(1)
    expect(service.kernel.scripts).toBe(0)
  })

  it('is not acted on by an approval when its playbook only observes by now', async () => {
    const folder = temporaryFolder()
    const operator = { bearer_token: 'operators' }
    const asked = await startRemediation({ mode: 'approve', operator }, { folder })
    await deliver(asked, message([alert('192.0.2.1')]))
    await until('it is proposed', () => asked.ledger.incidents.count('proposed') === 1)
    const [{ id = '' } = {}] = asked.ledger.incidents.list(['proposed'], 1)
    await asked.stop()
    const playbooks = [{ name: 'other', mode: 'enforce', steps: [{ type: 'block', ttl: ['1h'] }] }]
    const service = await startRemediation({ mode: 'observe', operator, playbooks }, { folder })
    const command = async (kind: string) => {
      const headers = { authorization: 'Bearer operators' }
      const body = new URLSearchParams({ argument: id })
      return (await fetch(`${service.url}commands/${kind}`, { method: 'POST', headers, body })).text()
    }
    expect(await command('approve')).toContain('The playbook brute-force is in mode observe and executes nothing')
    expect(service.kernel.elements.size).toBe(0)
    expect(service.ledger.blocks.count()).toBe(0)
    expect(await command('reject')).toContain('was rejected')
  })

  it('is counted where the sender left others out', async () => {
    const service = await startRemediation(enforcing)
    await deliver(service, message([alert('192.0.2.1')], { truncatedAlerts: 7 }))
    expect(await service.metric('clawtrust_remediation_truncated_alerts_total')).toBe(7)
    expect(service.log.join('')).toContain('max_alerts')
  })
})

describe('the playbook of unknown mTLS clients', () => {
  const labels = (address: string) => ({ alertname: 'Mtls', playbook: 'mtls-unknown-source', source_ip: address })

  it('blocks for 24 hours who is on a list, and nobody else; a list of everybody is no list', async () => {
    const folder = temporaryFolder()
    const file = join(folder, 'bad.netset')
    writeFileSync(file, '# attackers\n192.0.2.0/25\n0.0.0.0/0\n::/0\n')
    const enrichment = { threat_intelligence: [{ type: 'list', name: 'bad', file, max_age: '365d' }] }
    const turned = new TurnedClock()
    utimesSync(file, turned.now() / 1_000, turned.now() / 1_000)
    const service = await startRemediation({ ...enforcing, enrichment }, { folder, turned })
    await deliver(service, message(['192.0.2.1', '192.0.2.200'].map(ip => alert(ip, { labels: labels(ip) }))))
    await until('both are decided on', () => service.ledger.incidents.count('received') === 0)
    await until('one is blocked', () => service.kernel.elements.size === 1)
    expect(service.kernel.elements.get('192.0.2.1')).toMatchObject({ seconds: 86_400 })
    expect(service.ledger.incidents.list(['refused'], 2)).toMatchObject([
      { target: '192.0.2.200', facts: { reason: 'condition_not_met', detail: 'the verdict is unknown' } },
    ])
  })
})

describe('threat intelligence', () => {
  it('that calls an eighth of all addresses malicious is believed of none', async () => {
    const folder = temporaryFolder()
    const file = join(folder, 'everybody.netset')
    writeFileSync(file, Array.from({ length: 223 }, (_, first) => `${first + 1}.0.0.0/8`).join('\n'))
    const enrichment = { threat_intelligence: [{ type: 'list', name: 'everybody', file, max_age: '365d' }] }
    const service = await startRemediation({ ...enforcing, enrichment }, { folder })
    const labels = { alertname: 'Mtls', playbook: 'mtls-unknown-source', source_ip: '192.0.2.1' }
    await deliver(service, message([alert('192.0.2.1', { labels })]))
    await until('it is refused', () => service.ledger.incidents.count('refused') === 1)
    expect(service.log.join('')).toContain('more than an eighth')
    expect(service.kernel.elements.size).toBe(0)
  })

  it('is asked about nobody who is not blocked anyway: not about private addresses, proxies or networks', async () => {
    const url = 'https://cti.example/{address}'
    const enrichment = {
      threat_intelligence: [{ type: 'http', name: 'cti', url, score: 'score', malicious_from: 1 }],
    }
    const service = await startRemediation({ ...enforcing, enrichment })
    service.answer = () => new Response('{"score":0}')
    const addresses = ['10.0.0.1', '203.0.113.99', '192.0.2.0/24', '198.51.100.1']
    await deliver(service, message(addresses.map(address => alert(address))))
    await until('all are decided on', () => service.ledger.incidents.count('received') === 0)
    expect(service.sent.map(({ url }) => url)).toEqual(['https://cti.example/198.51.100.1'])
  })
})

describe('a reload during a flood', () => {
  it('waits for what is being decided, and leaves what waits to the new configuration', async () => {
    const provider = { type: 'http', name: 'slow', url: 'https://intel/{address}', score: 's', malicious_from: 1 }
    let hasEnded = false
    const service = await startRemediation(
      {
        enrichment: {
          deadline: '1m',
          threat_intelligence: [{ ...provider, timeout: '1m', budget: 10_000 }],
        },
      },
      {
        ticker: own => {
          const end = systemTicker(own)
          return () => {
            hasEnded = true
            end()
          }
        },
      },
    )
    const answers: (() => void)[] = []
    service.answer = () => new Promise(resolve => answers.push(() => resolve(new Response('{"s":0}'))))
    const addresses = Array.from({ length: 300 }, (_, at) => `198.51.${100 + (at >> 8)}.${at & 255}`)
    await deliver(service, message(addresses.map(address => alert(address))))
    await until('as many are asked about as at once', () => answers.length === 256)
    const reloaded = fetch(`${service.url}-/reload`, { method: 'POST' })
    await until('the old configuration is ended', () => hasEnded)
    // Nobody answers about the others, which may take a minute.
    for (const answer of answers.splice(0)) answer()
    expect((await reloaded).status).toBe(200)
    await until('the new one takes them up', () => answers.length === 44)
    for (const answer of answers.splice(0)) answer()
    await until('all are decided on', () => service.ledger.incidents.count('received') === 0)
  }, 25_000)
})

describe('two Prometheus servers that see one attack', () => {
  const [one, other] = ['2026-11-24T00:00:00Z', '2026-11-24T00:00:07Z']
  const firing = (startsAt: string) => alert('192.0.2.1', { startsAt })
  const ended = (startsAt: string) => alert('192.0.2.1', { startsAt, status: 'resolved' })
  const deliveries = [firing(one), firing(other), ended(one), ended(other)]
  const orders = permutations(deliveries)

  it.each(orders.map((order, index) => [index + 1, order] as const))(
    'begin one block, in whatever order their messages come (%i of 24)',
    async (_, order) => {
      const service = await startRemediation(enforcing)
      for (const each of order) await deliver(service, message([each]))
      await until('it is blocked', () => service.ledger.blocks.get('192.0.2.1')?.state === 'applied')
      expect(service.ledger.incidents.list([], 9)).toMatchObject([{ state: 'blocked', alerts: 2 }])
      expect(service.ledger.blocks.count()).toBe(1)
    },
  )

  it('begin nothing while what happened before the block may count, and one block when the attack goes on', async () => {
    const service = await startRemediation(enforcing)
    for (const startsAt of [one, other]) await deliver(service, message([firing(startsAt)]))
    await until('it is blocked', () => service.ledger.blocks.get('192.0.2.1')?.state === 'applied')
    service.kernel.elements.clear()
    service.clock.pass(HOUR_MS + 1_000)
    await until('it has expired', () => service.ledger.incidents.count('expired') === 1)
    for (const startsAt of [one, other]) await deliver(service, message([firing(startsAt)]))
    expect(service.ledger.incidents.list([], 9)).toHaveLength(1)
    const later = ['2026-11-24T01:01:00Z', '2026-11-24T01:01:09Z']
    for (const startsAt of later) await deliver(service, message([firing(startsAt)]))
    expect(service.ledger.incidents.list([], 9)).toHaveLength(1)
    service.clock.pass(20 * MINUTE_MS)
    for (const startsAt of [one, other, ...later]) await deliver(service, message([firing(startsAt)]))
    await until('it is blocked again', () => service.ledger.blocks.count() === 1)
    expect(service.ledger.incidents.list([], 9)).toHaveLength(2)
  })
})

function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length <= 1) return [items]
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map(rest => [item, ...rest]))
}

describe('a network', () => {
  const reason = (service: TestService) => service.ledger.incidents.list(['refused'], 1)[0]?.facts.reason

  it('is blocked although one of its hosts is, and then its hosts are not blocked again', async () => {
    const service = await startRemediation(enforcing)
    for (const target of ['2001:db8:1:2::9', '2001:db8:1:2::/64']) {
      await deliver(service, message([alert(target)]))
      await until('it is blocked', () => service.kernel.elements.has(target))
    }
    await deliver(service, message([alert('2001:db8:1:2::a')]))
    await until('it is refused', () => service.ledger.incidents.count('refused') === 1)
    expect(reason(service)).toBe('already_blocked')
    expect([...service.kernel.elements.keys()].toSorted()).toEqual(['2001:db8:1:2::/64', '2001:db8:1:2::9'])
  })

  it('is not blocked where a network in it is, because networks in the kernel must not overlap', async () => {
    const service = await startRemediation({ ...enforcing, limits: { ipv6_prefix: 48 } })
    await deliver(service, message([alert('2001:db8:1:2::/64')]))
    await until('it is blocked', () => service.kernel.elements.has('2001:db8:1:2::/64'))
    await deliver(service, message([alert('2001:db8:1::/48')]))
    await until('it is refused', () => service.ledger.incidents.count('refused') === 1)
    expect(reason(service)).toBe('already_blocked')
  })

  it('is never blocked whole where one of its addresses is protected, in whatever spelling', async () => {
    const service = await startRemediation({
      ...enforcing,
      never_block: { networks: ['2001:db8:1:2::5', '198.51.100.7'] },
    })
    for (const target of ['2001:db8:1:2::/64', '2002:c633:6407:1::/64']) {
      await deliver(service, message([alert(target)]))
    }
    await until('both are refused', () => service.ledger.incidents.count('refused') === 2)
    expect(reason(service)).toBe('never_block')
    expect(service.kernel.elements.size).toBe(0)
  })

  it('that contains a protected address has its other hosts blocked, also after it was refused as a whole', async () => {
    const service = await startRemediation({ ...enforcing, never_block: { networks: ['2001:db8:1:2::5'] } })
    await deliver(service, message([alert('2001:db8:1:2::/64')]))
    await until('the network is refused', () => service.ledger.incidents.count('refused') === 1)
    const hosts = ['a', 'b', 'c', 'd'].map(host => `2001:db8:1:2::${host}`)
    await deliver(service, message(['2001:db8:1:2::5', ...hosts].map(host => alert(host))))
    await until('its hosts are blocked', () => service.kernel.elements.size === hosts.length)
    expect([...service.kernel.elements.keys()].toSorted()).toEqual(hosts)
    await until('the protected one is refused', () => service.ledger.incidents.count('refused') === 2)
  })
})

describe('ten thousand attackers in ten thousand networks in a minute', () => {
  it('are all recorded, few are blocked, and the breaker asks a person for no more than can be read', async () => {
    const limits = { per_minute: 30, per_hour: 300, waiting_approvals: 50 }
    const service = await startRemediation({
      ...enforcing,
      limits,
      webhook: { bearer_token: 'right', max_waiting: 100_000 },
    })
    const addresses = Array.from({ length: 10_000 }, (_, index) => `11.${index >> 8}.${index & 255}.1`)
    for (let from = 0; from < addresses.length; from += 1_000) {
      const alerts = addresses.slice(from, from + 1_000).map(address => alert(address))
      expect((await deliver(service, message(alerts))).status).toBe(200)
    }
    await until('all are decided on', () => service.ledger.incidents.count('received') === 0, 30_000)
    expect(service.kernel.elements.size).toBe(30)
    expect(service.ledger.incidents.count('proposed')).toBe(50)
    expect(service.ledger.incidents.count('refused')).toBe(10_000 - 80)
    expect(await service.metric('clawtrust_remediation_breaker_open')).toBe(1)
    expect(service.ledger.audit.verify().ok).toBe(true)
  }, 60_000)
})
