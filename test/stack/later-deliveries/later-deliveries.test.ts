import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { HOUR_MS, MINUTE_MS } from '../../../core/clock.ts'
import type { Incident, IncidentState } from '../../../remediation/domain/incident.ts'
import type { CommandKind } from '../../../remediation/store/commands.ts'
import { withCommands } from '../../requirements.ts'
import type { Alertmanager } from '../servers/alertmanager.ts'
import { eventually } from '../servers/eventually.ts'
import { type Site, startSite } from './site.ts'

/** The kernel counts in real time. */
const TTL = '2s'
/** The default of `alert_range`. */
const QUIET_MS = 20 * MINUTE_MS

/** Of the limits, in networks. */
const PER_MINUTE = 20
const WAITING_APPROVALS = 4
/** What one network gets of the actions of an hour. */
const NETWORK_SHARE = 16

const block = { type: 'block', ttl: ['24h'] }
const notify = { type: 'request', destination: 'chat' }

/** One playbook for each gateway. */
const playbooks = Object.entries({
  pair: { steps: [block, notify] },
  renewal: { steps: [{ type: 'block', ttl: [TTL, '24h'] }] },
  list: { steps: [block], conditions: { verdict: ['malicious'] } },
  provider: { steps: [block], conditions: { verdict: ['malicious'] } },
  unblocked: { steps: [block] },
  rejected: { mode: 'approve', steps: [block] },
  lapsed: { mode: 'approve', steps: [block] },
  cooldown: { steps: [notify], alert_range: '0s', cooldown: '1h' },
  network: { steps: [block] },
  decoys: { steps: [block] },
  attack: { steps: [block] },
}).map(([gateway, playbook]) => ({ name: gateway, match: { gateway: [gateway] }, cooldown: '0s', ...playbook }))

/** One host of it is protected, so it is never blocked whole. */
const GUARDED_NETWORK = '2001:db8:64:3'
const DECOY_NETWORK = '11.20.20'

withCommands('nft', 'ip', 'prometheus', 'prometheus-alertmanager').describe(
  'from the log line to the kernel, while two Alertmanagers deliver again and again, an offender',
  () => {
    let site: Site

    beforeAll(async () => {
      site = await startSite({
        gateways: playbooks.map(({ name }) => name),
        neverBlock: [`${GUARDED_NETWORK}::1/128`],
        remediation: { playbooks, limits: { per_minute: PER_MINUTE, waiting_approvals: WAITING_APPROVALS } },
      })
    }, 90_000)
    afterAll(() => site?.stop(), 60_000)

    const all = () => site.service.ledger.incidents.list([], 9_999)
    const incidentsOf = (target: string) => all().filter(incident => incident.target === target)
    const last = (target: string) => incidentsOf(target).at(-1)
    const hasState = (target: string, ...states: readonly string[]) =>
      eventually(`${target} is ${states.join(' or ')}`, async () => {
        const incident = last(target)
        return incident !== undefined && states.includes(incident.state) ? incident : undefined
      })
    const isRefused = (target: string, reason: string) =>
      eventually(`${target} is refused: ${reason}`, async () => last(target)?.facts.reason === reason || undefined)
    /** The incident that the target is blocked for, in ledger and kernel. */
    const isBlocked = async (target: string): Promise<Incident> => {
      const incident = await hasState(target, 'blocked')
      expect([...site.blocked()]).toContain(target)
      return incident
    }
    const command = async (kind: CommandKind, argument = '') => {
      const { ledger } = site.service
      const id = await ledger.write(() => ledger.commands.add(kind, argument, 'alice'))
      return eventually(`${kind} is carried out`, async () => ledger.commands.answerOf(id))
    }
    /** Both Alertmanagers may have all connections that one address may have. */
    const metric = async (name: string) => (await eventually(`${name} is read`, () => site.service.metric(name))) || 0
    /** Each Alertmanager has delivered since then what led to no decision for this reason. */
    const areAnswered = async (reason: string) => {
      const count = () => metric(`clawtrust_remediation_undecided_alerts_total{reason="${reason}"}`)
      const before = await count()
      await eventually(`deliveries are answered ${reason}`, async () => (await count()) >= before + 4 || undefined)
    }

    it('that both deliver is one incident, one block and one message', async () => {
      await site.attack('pair', '11.1.1.1')
      const { id } = await isBlocked('11.1.1.1')
      for (const alertmanager of site.alertmanagers) {
        await eventually('it has delivered again', async () => (await deliveries(alertmanager)) >= 3 || undefined)
      }
      expect(incidentsOf('11.1.1.1')).toMatchObject([{ id, alerts: 1 }])
      await eventually('the message is there', async () => site.messages[0])
      expect(site.messages.map(({ body }) => body.text)).toEqual(['clawtrust blocked 11.1.1.1 for 24 h (pair)'])
      expect(await metric('clawtrust_remediation_alerts_total{result="new"}')).toBe(1)
    }, 60_000)

    it('is decided on again when the list of known attackers has its address', async () => {
      // They begin together, so that the tests that follow wait for less.
      await Promise.all([
        site.attack('renewal', '11.2.1.1'),
        site.attack('list', '11.3.1.1'),
        site.attack('unblocked', '11.4.1.1'),
        site.attack('rejected', '11.5.1.1'),
        site.attack('cooldown', '11.6.1.1'),
        site.attack('provider', '11.7.1.1'),
        site.attack('network', '2001:db8:64:1::a'),
        site.attack('network', '::ffff:11.8.1.1'),
      ])
      await isRefused('11.3.1.1', 'condition_not_met')
      await site.list('11.3.1.1')
      const { facts } = await isBlocked('11.3.1.1')
      expect(facts).toMatchObject({ previous: incidentsOf('11.3.1.1')[0]?.id, because: 'evidence_renewed' })
    }, 60_000)

    it('that a person unblocked is let in, and not asked about again', async () => {
      site.network.addClient('11.4.1.1')
      await isBlocked('11.4.1.1')
      expect(await site.reach('11.4.1.1')).toBe('silence')
      expect(await command('unblock', '11.4.1.1 for 1h')).toContain('11.4.1.1 is unblocked')
      await areAnswered('unblocked')
      expect(site.blocked().has('11.4.1.1')).toBe(false)
      expect(await site.reach('11.4.1.1')).toBe('answered')
      expect(incidentsOf('11.4.1.1')).toMatchObject([{ state: 'unblocked' }])
    }, 60_000)

    it('that a person rejected is not asked about again', async () => {
      const { id } = await hasState('11.5.1.1', 'proposed')
      await command('reject', `${id} for 1h`)
      await areAnswered('rejected')
      expect(incidentsOf('11.5.1.1')).toMatchObject([{ id, state: 'rejected' }])
      expect(site.blocked().has('11.5.1.1')).toBe(false)
    }, 60_000)

    it('that was reported is not reported again within the cooldown, nor is the provider asked within its time', async () => {
      await hasState('11.6.1.1', 'requested')
      await areAnswered('cooldown')
      await isRefused('11.7.1.1', 'condition_not_met')
      site.provider.report('11.7.1.1')
      await areAnswered('condition_not_met')
      expect([incidentsOf('11.6.1.1'), incidentsOf('11.7.1.1')].map(({ length }) => length)).toEqual([1, 1])
      expect(site.provider.questions('11.7.1.1')).toBe(1)
    }, 60_000)

    it('in an IPv6 /64 is blocked as a host, and as the network once three of its hosts offended', async () => {
      for (const client of ['2001:db8:64:1::a', '2001:db8:64:1::d', '2001:db8:64:2::d', '11.8.1.1']) {
        site.network.addClient(client)
      }
      await isBlocked('2001:db8:64:1::a')
      expect(await site.reach('2001:db8:64:1::a')).toBe('silence')
      expect(await site.reach('2001:db8:64:1::d')).toBe('answered')
      for (const host of ['b', 'c']) await site.attack('network', `2001:db8:64:1::${host}`)
      await isBlocked('2001:db8:64:1::/64')
      expect(await site.reach('2001:db8:64:1::d')).toBe('silence')
      expect(await site.reach('2001:db8:64:2::d')).toBe('answered')
    }, 60_000)

    it('whose IPv4 address is written in IPv6 is blocked in the family of its packets', async () => {
      await isBlocked('11.8.1.1')
      expect(await site.reach('11.8.1.1')).toBe('silence')
    }, 60_000)

    it('whose block expired is let in, and blocked again when the quiet time is over', async () => {
      site.network.addClient('11.2.1.1')
      const expired = await hasState('11.2.1.1', 'expired')
      await eventually('the kernel has let it go', async () => !site.blocked().has('11.2.1.1') || undefined)
      await site.attack('renewal', '11.2.1.1')
      await areAnswered('block_expired')
      expect(await site.reach('11.2.1.1')).toBe('answered')
      site.service.clock.pass(QUIET_MS)
      const renewed = await isBlocked('11.2.1.1')
      expect(renewed.facts).toMatchObject({ previous: expired.id, because: 'block_expired' })
      expect(renewed.createdAt).toBeGreaterThanOrEqual((expired.facts.expiresAt ?? 0) + QUIET_MS)
      expect(incidentsOf('11.2.1.1')).toHaveLength(2)
      expect(await site.reach('11.2.1.1')).toBe('silence')
    }, 60_000)

    it('with 60 decoys of one network counts as one: the breaker stays closed, and another attacker is blocked', async () => {
      const decoys = Array.from({ length: 60 }, (_, index) => `${DECOY_NETWORK}.${index + 1}`)
      const guarded = Array.from({ length: NETWORK_SHARE }, (_, index) => `${GUARDED_NETWORK}::1:${index + 1}`)
      for (const decoy of [...decoys, ...guarded]) await site.attack('decoys', decoy)
      const latest = () => new Map(all().map(({ target, state }) => [target, state]))
      await eventually(
        'each decoy is decided on',
        async () => {
          const states = latest()
          return [...decoys, ...guarded].every(decoy => isDecided(states.get(decoy))) || undefined
        },
        { limitMs: 60_000 },
      )
      const states = latest()
      const count = (state: string) => decoys.filter(decoy => states.get(decoy) === state).length
      expect([count('blocked'), count('proposed')]).toEqual([NETWORK_SHARE, WAITING_APPROVALS])
      const blocked = site.blocked()
      expect(decoys.filter(decoy => blocked.has(decoy))).toHaveLength(NETWORK_SHARE)
      await Promise.all(guarded.map(isBlocked))
      await site.attack('attack', '11.21.1.1')
      await isBlocked('11.21.1.1')
      expect(await metric('clawtrust_remediation_breaker_open')).toBe(0)
    }, 120_000)

    it('that decoys of many networks kept from an approval is proposed when a person makes room', async () => {
      for (const index of Array(PER_MINUTE + WAITING_APPROVALS).keys()) await site.attack('decoys', `11.30.${index}.1`)
      const pending = () => site.service.ledger.incidents.list(['proposed'], 99)
      const others = () => pending().filter(({ target }) => target.startsWith('11.30.'))
      await eventually('approvals are full', async () => others().length === WAITING_APPROVALS - 1 || undefined)
      expect(await metric('clawtrust_remediation_breaker_open')).toBe(1)
      for (const [index, attacker] of ['11.41.1.1', '11.42.1.1', '11.43.1.1'].entries()) {
        await site.attack('attack', attacker, 60 - 10 * index)
        await isRefused(attacker, 'approvals_full')
      }
      await command('reject', `${others()[0]?.id} for 24h`)
      const { id, facts } = await hasState('11.41.1.1', 'proposed')
      expect(facts).toMatchObject({ because: 'room', previous: incidentsOf('11.41.1.1')[0]?.id })
      await command('approve', id)
      await isBlocked('11.41.1.1')
    }, 60_000)

    it('is blocked when the breaker is reset, whether it was proposed or refused for want of room', async () => {
      const { id } = await hasState('11.42.1.1', 'proposed')
      expect(last('11.43.1.1')?.facts.reason).toBe('approvals_full')
      await command('reset-breaker')
      expect(await isBlocked('11.42.1.1')).toMatchObject({ id })
      expect((await isBlocked('11.43.1.1')).facts.because).toBe('room')
    }, 60_000)

    it('is decided on again when the time is over that a person chose, the cooldown, or the time of an answer', async () => {
      const reported = site.messages.length
      site.service.clock.pass(HOUR_MS)
      expect((await isBlocked('11.4.1.1')).facts.because).toBe('soft_allow_over')
      expect(await site.reach('11.4.1.1')).toBe('silence')
      expect((await isBlocked('11.7.1.1')).facts.because).toBe('evidence_renewed')
      expect((await hasState('11.5.1.1', 'proposed')).facts.because).toBe('cooldown_over')
      await eventually('it is reported again', async () => site.messages[reported])
      expect(incidentsOf('11.6.1.1').map(({ facts }) => facts.because)).toEqual([undefined, 'cooldown_over'])
    }, 60_000)

    it('about whom nobody answered in time is proposed again as long after that, and blocked by an approval', async () => {
      await site.attack('lapsed', '11.9.1.1')
      const { id } = await hasState('11.9.1.1', 'proposed')
      site.service.clock.pass(4 * HOUR_MS)
      await hasState('11.9.1.1', 'lapsed')
      await areAnswered('proposal_lapsed')
      expect(incidentsOf('11.9.1.1')).toHaveLength(1)
      site.service.clock.pass(4 * HOUR_MS)
      const again = await hasState('11.9.1.1', 'proposed')
      expect(again.facts).toMatchObject({ because: 'proposal_lapsed', previous: id, lapses: 1, thread: id })
      await command('approve', again.id)
      await isBlocked('11.9.1.1')
    }, 60_000)

    it('is recorded in a ledger that verifies, and what is in force in it is in the kernel', () => {
      const { ledger } = site.service
      expect(ledger.audit.verify()).toMatchObject({ ok: true })
      const blocks = ledger.blocks.all().filter(({ state }) => state === 'applied')
      expect(blocks.length).toBeGreaterThan(50)
      const blocked = site.blocked()
      expect(blocks.filter(({ target }) => !blocked.has(target))).toEqual([])
    })
  },
)

const isDecided = (state: IncidentState | undefined) =>
  state !== undefined && state !== 'received' && state !== 'blocking'

/** Deliveries to the webhook that were accepted, by Alertmanager's own count. */
async function deliveries({ url }: Alertmanager): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text()
  return Number(/^alertmanager_notifications_total\{integration="webhook"\} (\d+)$/m.exec(metrics)?.[1] ?? 0)
}
