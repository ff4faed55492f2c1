import { afterEach, describe, expect, it } from '@jest/globals'
import { HOUR_MS, MINUTE_MS } from '../../../core/clock.ts'
import { startRemediation, stopAll, type TestService, until } from '../service.ts'
import { ADDRESS, order, pass, repeat } from './repeated.ts'

afterEach(stopAll)

describe('after a block has expired', () => {
  const steps = [{ type: 'block', ttl: ['1h'] }]
  const playbooks = ['one', 'other'].map(name => ({ name, steps }))
  const about = (service: TestService, playbook: string, { target = ADDRESS, start = 0 } = {}) =>
    repeat(service, [target], {
      labels: { playbook, source_ip: target },
      fingerprint: playbook,
      startsAt: `2026-11-24T0${start}:00:00Z`,
    })
  const ofOther = (service: TestService) =>
    service.ledger.incidents.list([], 9).flatMap(({ playbook, state }) => (playbook === 'other' ? state : []))

  it.each([
    ['was refused while it was in force', true],
    ['did not know the target', false],
  ])('a new alert of a playbook that %s is decided on after the quiet time', async (_, before) => {
    const service = await startRemediation({ mode: 'enforce', playbooks })
    await about(service, 'one')
    if (before) await about(service, 'other')
    await pass(service, HOUR_MS + 5_000)
    await until('it has expired', () => service.ledger.incidents.count('expired') === 1)
    await about(service, 'other', { start: 1 })
    expect(ofOther(service)).toEqual(['refused'])
    const [refused] = service.ledger.incidents.list(['refused'], 1)
    expect(refused?.facts.reason).toBe('already_blocked')
    await pass(service, 19 * MINUTE_MS)
    await about(service, 'other', { start: 2 })
    expect(ofOther(service)).toEqual(['refused'])
    await pass(service, MINUTE_MS)
    await about(service, 'other', { start: 2 })
    expect(ofOther(service)).toEqual(['refused', 'blocked'])
  })

  it('the quiet time is as long as the playbook of the alert says', async () => {
    const [one, other] = playbooks
    const service = await startRemediation({ mode: 'enforce', playbooks: [one, { ...other, alert_range: '2h' }] })
    await about(service, 'one')
    await pass(service, HOUR_MS + 5_000)
    for (const state of ['refused', 'refused', 'refused', 'blocked']) {
      await about(service, 'other')
      expect(ofOther(service).at(-1)).toBe(state)
      await pass(service, 40 * MINUTE_MS)
    }
  })

  it.each([
    ['a host of a network that was blocked', '192.0.2.0/24', ADDRESS],
    ['a network in a network that was blocked', '192.0.2.0/24', '192.0.2.128/25'],
    ['a network that contains one that was blocked', '192.0.2.128/25', '192.0.2.0/24'],
  ])('%s has the quiet time too', async (_, first, second) => {
    const service = await startRemediation({ mode: 'enforce', playbooks, limits: { ipv4_prefix: 24 } })
    await about(service, 'one', { target: first })
    await pass(service, HOUR_MS + 5_000)
    await until('it has expired', () => service.ledger.incidents.count('expired') === 1)
    await about(service, 'other', { target: second })
    expect(ofOther(service)).toEqual(['refused'])
    await about(service, 'other', { target: '198.51.100.1' })
    expect(service.ledger.blocks.all()).toMatchObject([{ target: '198.51.100.1' }])
    await pass(service, 20 * MINUTE_MS)
    await about(service, 'other', { target: second })
    expect(service.ledger.blocks.all()).toHaveLength(2)
  })

  it('a proposal of another playbook that waited is not carried out before the quiet time is over', async () => {
    const limits = { per_minute: 1 }
    const service = await startRemediation({ mode: 'enforce', playbooks, limits })
    await about(service, 'one', { target: '198.51.100.1' })
    await about(service, 'other')
    expect(ofOther(service)).toEqual(['proposed'])
    await order(service, 'reset-breaker')
    await about(service, 'one')
    await pass(service, HOUR_MS + 5_000)
    await until('both have expired', () => service.ledger.incidents.count('expired') === 2)
    await about(service, 'other')
    expect(ofOther(service)).toEqual(['proposed'])
    await pass(service, 20 * MINUTE_MS)
    await about(service, 'other')
    expect(ofOther(service)).toEqual(['blocked'])
  })

  it('a block that a person ended early has no quiet time but the one that the person chose', async () => {
    const service = await startRemediation({ mode: 'enforce', playbooks, soft_allow: '1m' })
    await about(service, 'one')
    await about(service, 'other')
    await order(service, 'unblock', ADDRESS)
    await pass(service, MINUTE_MS)
    await about(service, 'other')
    expect(ofOther(service)).toEqual(['refused', 'blocked'])
  })
})
