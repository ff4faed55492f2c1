import { utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../core/clock.ts'
import { MemoryKernel } from '../kernel.ts'
import { startRemediation, stopAll, TurnedClock, temporaryFolder, until } from '../service.ts'
import { ADDRESS, decisions, order, pass, repeat, states } from './repeated.ts'

afterEach(stopAll)

describe('an alert that goes on firing', () => {
  it('is blocked again by the first delivery after the quiet time, and for longer', async () => {
    const service = await startRemediation({ mode: 'enforce' })
    await repeat(service)
    await pass(service, HOUR_MS + 1_000)
    service.kernel.elements.clear()
    await repeat(service)
    await pass(service, 19 * MINUTE_MS)
    await repeat(service)
    expect(states(service)).toEqual(['expired'])
    await pass(service, MINUTE_MS)
    expect(states(service)).toEqual(['expired'])
    await repeat(service)
    expect(states(service)).toEqual(['expired', 'blocked'])
    expect(service.kernel.elements.get(ADDRESS)?.seconds).toBe(6 * 3_600)
    const [first, second, ...more] = service.ledger.incidents.list([], 9)
    expect(more).toEqual([])
    expect(second?.facts).toMatchObject({ previous: first?.id, because: 'block_expired' })
    expect(decisions(service)).toHaveLength(2)
    expect(await service.metric('clawtrust_remediation_alerts_total{result="renewed"}')).toBe(1)
    expect(await service.metric('clawtrust_remediation_undecided_alerts_total{reason="block_expired"}')).toBe(2)
  })

  it.each([48 * HOUR_MS, -48 * HOUR_MS])(
    'is blocked again after the quiet time where the clock of the host jumped by %i ms while no service ran',
    async jump => {
      const turned = new TurnedClock()
      const kernel = new MemoryKernel(turned)
      const first = await startRemediation({ mode: 'enforce' }, { turned, kernel })
      await repeat(first)
      await first.stop()
      turned.pass(HOUR_MS / 2)
      turned.time += jump
      const second = await startRemediation({ mode: 'enforce' }, { folder: first.folder, turned, kernel })
      await pass(second, HOUR_MS / 2 + MINUTE_MS)
      await pass(second, 1_000)
      await until('it has expired', () => second.ledger.incidents.count('expired') === 1)
      await repeat(second)
      expect(states(second)).toEqual(['expired'])
      await pass(second, 20 * MINUTE_MS)
      await repeat(second)
      expect(second.ledger.incidents.latest('brute-force', ADDRESS)?.state).toBe('blocked')
    },
  )

  it('is not blocked again by a late delivery where it has ended, but by one that shows that it still fires', async () => {
    const service = await startRemediation({ mode: 'enforce' })
    await repeat(service)
    await pass(service, 50 * MINUTE_MS)
    await repeat(service, [ADDRESS], { status: 'resolved' })
    await pass(service, 50 * MINUTE_MS)
    await repeat(service)
    expect(states(service)).toEqual(['expired'])
    expect(await service.metric('clawtrust_remediation_undecided_alerts_total{reason="resolved"}')).toBe(1)
    await pass(service, 11 * MINUTE_MS)
    await repeat(service)
    expect(states(service)).toEqual(['expired', 'blocked'])
  })

  it('is decided on again when the list has the address, and not before', async () => {
    const folder = temporaryFolder()
    const file = join(folder, 'bad.netset')
    const turned = new TurnedClock()
    const write = (text: string) => {
      writeFileSync(file, text)
      utimesSync(file, turned.now() / 1_000, turned.now() / 1_000)
    }
    write('198.51.100.7\n')
    const threat_intelligence = [{ type: 'list', name: 'bad', file }]
    const service = await startRemediation({ mode: 'enforce', enrichment: { threat_intelligence } }, { folder, turned })
    const labels = { alertname: 'Mtls', playbook: 'mtls-unknown-source', source_ip: ADDRESS }
    const replace = async (text: string) => {
      const loads = () => service.log.filter(line => line.includes('list loaded')).length
      const before = loads()
      write(text)
      await pass(service, 6_000)
      await until('the list is read', () => loads() > before)
    }
    await repeat(service, [ADDRESS], { labels })
    await replace('198.51.100.8\n')
    await repeat(service, [ADDRESS], { labels })
    expect(states(service)).toEqual(['refused'])
    await replace(`198.51.100.8\n${ADDRESS}\n`)
    await repeat(service, [ADDRESS], { labels })
    expect(states(service)).toEqual(['refused', 'blocked'])
    expect(decisions(service).at(-1)).toMatchObject({ because: 'evidence_renewed' })
  })

  it('has its provider asked again when the answer is no longer kept', async () => {
    const url = 'https://cti.example/{address}'
    const provider = { type: 'http', name: 'cti', url, score: 'score', malicious_from: 1, cache: '1h' }
    const service = await startRemediation({ mode: 'enforce', enrichment: { threat_intelligence: [provider] } })
    const labels = { alertname: 'Mtls', playbook: 'mtls-unknown-source', source_ip: ADDRESS }
    service.answer = () => new Response('{"score":0}')
    await repeat(service, [ADDRESS], { labels })
    service.answer = () => new Response('{"score":1}')
    await pass(service, 59 * MINUTE_MS)
    await repeat(service, [ADDRESS], { labels })
    expect(states(service)).toEqual(['refused'])
    expect(service.sent).toHaveLength(1)
    await pass(service, 2 * MINUTE_MS)
    await repeat(service, [ADDRESS], { labels })
    expect(states(service)).toEqual(['refused', 'blocked'])
  })

  it('is proposed again after 1, 2, 4 and 4 times the lifetime of a proposal that nobody answered', async () => {
    const service = await startRemediation({ mode: 'approve', approval_lifetime: '1h' })
    const proposedAt: number[] = []
    const begun = service.clock.now()
    for (let minutes = 0; minutes < 18 * 60; minutes += 10) {
      const before = states(service).length
      await repeat(service)
      if (states(service).length > before) proposedAt.push(Math.floor((service.clock.now() - begun) / HOUR_MS))
      await pass(service, 10 * MINUTE_MS)
    }
    expect(proposedAt).toEqual([0, 2, 5, 10, 15])
  }, 60_000)

  it('is not asked about again for a day where a person rejected or unblocked, whatever alert asks', async () => {
    const service = await startRemediation({
      mode: 'approve',
      playbooks: [{ name: 'enforced', mode: 'enforce', steps: [{ type: 'block', ttl: ['1h'] }] }],
    })
    const labels = { playbook: 'enforced', source_ip: '198.51.100.1' }
    await repeat(service)
    await repeat(service, ['198.51.100.1'], { labels })
    await order(service, 'reject', service.ledger.incidents.list(['proposed'], 1)[0]?.id)
    await order(service, 'unblock', '198.51.100.1')
    await pass(service, DAY_MS - HOUR_MS)
    await repeat(service)
    await repeat(service, [ADDRESS], { startsAt: '2026-11-24T12:00:00Z' })
    await repeat(service, ['198.51.100.1'], { labels })
    expect([states(service), states(service, '198.51.100.1')]).toEqual([['rejected'], ['unblocked']])
    await pass(service, HOUR_MS)
    await repeat(service)
    await repeat(service, ['198.51.100.1'], { labels })
    expect([states(service), states(service, '198.51.100.1')]).toEqual([
      ['rejected', 'proposed'],
      ['unblocked', 'blocked'],
    ])
  })

  it('is not asked about host by host where a person rejected to act on its network', async () => {
    const [network, host, other] = ['2001:db8:1::/64', '2001:db8:1::7', '2001:db8:2::7']
    const service = await startRemediation({ mode: 'approve' })
    await repeat(service, [network])
    await order(service, 'reject', service.ledger.incidents.list(['proposed'], 1)[0]?.id)
    await repeat(service, [host, other])
    expect([states(service, network), states(service, host), states(service, other)]).toEqual([
      ['rejected'],
      [],
      ['proposed'],
    ])
    await pass(service, DAY_MS)
    await repeat(service, [host])
    expect(states(service, host)).toEqual(['proposed'])
  })

  it('is left alone for the time that a person chose with the command, which must be a duration', async () => {
    const service = await startRemediation({ mode: 'approve' })
    await repeat(service)
    const [proposal] = service.ledger.incidents.list(['proposed'], 1)
    expect(await order(service, 'reject', `${proposal?.id} for ever`)).toContain('ever is not a duration of up to 30d')
    expect(await order(service, 'reject', `${proposal?.id} for 31d`)).toContain('31d is not a duration of up to 30d')
    expect(states(service)).toEqual(['proposed'])
    await order(service, 'reject', `${proposal?.id} for 7d`)
    await pass(service, 7 * DAY_MS - HOUR_MS)
    await repeat(service)
    expect(states(service)).toEqual(['rejected'])
    await pass(service, HOUR_MS)
    await repeat(service)
    expect(states(service)).toEqual(['rejected', 'proposed'])
    await order(service, 'unblock', `${ADDRESS} for 2h`)
    const approved = service.ledger.incidents.list(['proposed'], 1)[0]?.id ?? ''
    expect(await order(service, 'approve', approved)).toContain('was unblocked by an operator')
    expect(states(service)).toEqual(['rejected', 'refused'])
    await pass(service, 2 * HOUR_MS)
    await repeat(service)
    expect(states(service)).toEqual(['rejected', 'refused', 'proposed'])
  })

  it('is never decided on again where its target is protected or no address', async () => {
    const service = await startRemediation({ mode: 'enforce' })
    const targets = ['10.0.0.1', 'evil.example', '192.0.2.0/24']
    for (let day = 0; day < 3; day += 1) {
      await repeat(service, targets)
      await pass(service, DAY_MS)
    }
    expect(targets.map(target => states(service, target))).toEqual([['refused'], ['refused'], ['refused']])
  })

  it('that two playbooks act on is blocked by one of them, and by the other one after the quiet time', async () => {
    const steps = [{ type: 'block', ttl: ['1h'] }]
    const playbooks = ['one', 'other'].map(name => ({ name, steps }))
    const service = await startRemediation({ mode: 'enforce', playbooks })
    const repeatOf = (playbook: string) =>
      repeat(service, [ADDRESS], { labels: { playbook, source_ip: ADDRESS }, fingerprint: playbook })
    await repeatOf('one')
    await repeatOf('other')
    expect(service.ledger.incidents.list(['refused'], 9)).toMatchObject([{ facts: { reason: 'already_blocked' } }])
    await pass(service, HOUR_MS + 19 * MINUTE_MS)
    await repeatOf('other')
    expect(service.ledger.incidents.list([], 9)).toHaveLength(2)
    await pass(service, 2 * MINUTE_MS)
    await repeatOf('other')
    expect(decisions(service).at(-1)).toMatchObject({ because: 'block_ended' })
    expect(service.ledger.blocks.count()).toBe(1)
  })
})
