import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals'
import { systemClock } from '../../../core/clock.ts'
import { commandRunner } from '../../../remediation/steps/block/nft/command.ts'
import type { CommandKind } from '../../../remediation/store/commands.ts'
import { startRemediation, stopAll, type TestService, temporaryFolder, until } from '../../remediation/service.ts'
import { withCommands } from '../../requirements.ts'
import { type Alertmanager, startAlertmanager } from '../servers/alertmanager.ts'
import { run } from '../servers/run.ts'
import { createNetwork, type Network } from './namespace.ts'

const ADDRESS = '198.51.100.1'
const TTL_MS = 2_000
const QUIET_MS = 3_000

const forDays = { steps: [{ type: 'block', ttl: ['24h'] }] }

const firing = (address: string) => ({
  labels: { alertname: 'BruteForce', playbook: 'brute-force', source_ip: address },
})

withCommands('nft', 'ip', 'prometheus-alertmanager').describe(
  'an alert that two Alertmanagers deliver again and again while it fires',
  () => {
    let network: Network
    const alertmanagers: Alertmanager[] = []

    beforeAll(() => {
      network = createNetwork()
    })
    afterEach(async () => {
      for (const one of alertmanagers.splice(0)) await one.stop()
      await stopAll()
      // The next test begins with an empty firewall.
      const [command = '', ...args] = network.nft
      run(command, [...args, 'delete', 'table', 'inet', 'clawtrust'], {})
    }, 60_000)
    afterAll(() => network?.remove())

    const isBlocked = (address: string) => network.elements('block4').some(({ val }) => val === address)
    const incidentsOf = (service: TestService, address: string) =>
      service.ledger.incidents.list([], 99).filter(({ target }) => target === address)
    const order = (service: TestService, kind: CommandKind, argument: string) =>
      service.ledger.write(() => service.ledger.commands.add(kind, argument, 'alice'))

    const start = async (more: Readonly<Record<string, unknown>>, playbook: Readonly<Record<string, unknown>> = {}) => {
      const steps = [{ type: 'block', ttl: [`${TTL_MS}ms`, '24h'] }]
      const playbooks = [{ name: 'brute-force', steps, cooldown: '0s', alert_range: `${QUIET_MS}ms`, ...playbook }]
      const surroundings = { runNft: commandRunner(network.nft), clock: systemClock }
      const service = await startRemediation({ mode: 'enforce', playbooks, ...more }, surroundings)
      for (const _ of [1, 2]) alertmanagers.push(await startAlertmanager(`${service.url}alertmanager`, 'right', '1s'))
      return service
    }
    /** As two Prometheus servers see it: at different times. */
    const fire = async (address: string) => {
      for (const [index, alertmanager] of alertmanagers.entries()) {
        const startsAt = new Date(Date.now() - 1_000 * index).toISOString()
        await alertmanager.post([{ ...firing(address), startsAt }])
      }
    }

    it('is blocked again by the kernel when the block has expired and the quiet time is over, once', async () => {
      const service = await start({})
      await fire(ADDRESS)
      await until('it is blocked', () => isBlocked(ADDRESS))
      await until('the kernel has let it go', () => !isBlocked(ADDRESS))
      await until('it is blocked again', () => isBlocked(ADDRESS))
      const [first, second, ...more] = incidentsOf(service, ADDRESS)
      expect(more).toEqual([])
      expect(second?.facts).toMatchObject({ previous: first?.id, because: 'block_expired' })
      expect(second?.createdAt).toBeGreaterThanOrEqual((first?.facts.expiresAt ?? 0) + QUIET_MS)
      const delivered = await service.metric('clawtrust_remediation_undecided_alerts_total{reason="in_force"}')
      await until(
        'both have delivered again',
        async () =>
          (await service.metric('clawtrust_remediation_undecided_alerts_total{reason="in_force"}')) >= delivered + 4,
      )
      expect(incidentsOf(service, ADDRESS)).toHaveLength(2)
      expect(service.ledger.audit.verify()).toMatchObject({ ok: true })
    }, 60_000)

    it('is blocked when the list of threat intelligence has its address', async () => {
      const file = join(temporaryFolder(), 'bad.netset')
      writeFileSync(file, '203.0.113.7\n')
      const enrichment = { threat_intelligence: [{ type: 'list', name: 'bad', file }] }
      const service = await start({ enrichment }, { conditions: { verdict: ['malicious'] }, cooldown: '1h' })
      await fire(ADDRESS)
      await until('it is refused', () => incidentsOf(service, ADDRESS)[0]?.state === 'refused')
      writeFileSync(file, `203.0.113.7\n${ADDRESS}\n`)
      await until('it is blocked', () => isBlocked(ADDRESS))
      expect(incidentsOf(service, ADDRESS).map(({ facts }) => facts.because)).toEqual([undefined, 'evidence_renewed'])
    }, 60_000)

    it('is blocked when the breaker is reset, though decoys have filled the approvals', async () => {
      const service = await start({ limits: { per_minute: 2, waiting_approvals: 1 } }, { ...forDays, cooldown: '1h' })
      for (const decoy of ['11.18.1.1', '11.18.2.1', '11.18.3.1']) {
        await fire(decoy)
        await until('the decoy is decided on', () =>
          incidentsOf(service, decoy).some(({ state }) => state !== 'received'),
        )
      }
      await fire(ADDRESS)
      await until('it is refused', () => incidentsOf(service, ADDRESS)[0]?.facts.reason === 'approvals_full')
      // Actions are counted by the second: those of the second of the reset count on.
      const nextSecond = 1_000 * Math.ceil((Date.now() + 1) / 1_000)
      await until('the second has passed', () => Date.now() >= nextSecond)
      await order(service, 'reset-breaker', '')
      await until('it is blocked', () => isBlocked(ADDRESS))
      expect(incidentsOf(service, ADDRESS).map(({ facts }) => facts.because)).toEqual([undefined, 'room'])
    }, 60_000)

    it('is left alone when a person has unblocked it, for the time that the person chose', async () => {
      const service = await start({ soft_allow: '3s' }, forDays)
      await fire(ADDRESS)
      await until('it is blocked', () => isBlocked(ADDRESS))
      await order(service, 'unblock', ADDRESS)
      await until('it is let in', () => !isBlocked(ADDRESS))
      await until('it is blocked again', () => isBlocked(ADDRESS))
      const [first, second] = incidentsOf(service, ADDRESS)
      expect(first?.state).toBe('unblocked')
      expect(second?.facts.because).toBe('soft_allow_over')
      expect((second?.createdAt ?? 0) - (first?.closesAt ?? 0)).toBeGreaterThanOrEqual(3_000)
    }, 60_000)
  },
)
