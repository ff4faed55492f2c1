import { afterEach, describe, expect, it } from '@jest/globals'
import { HOUR_MS, MINUTE_MS } from '../../../core/clock.ts'
import { startRemediation, stopAll } from '../service.ts'
import { ADDRESS, decisions, order, pass, repeat, states } from './repeated.ts'

afterEach(stopAll)

describe('an attacker with decoys', () => {
  const events = (count: number) => ({ annotations: { events: String(count) } })
  const decoys = (count: number) => Array.from({ length: count }, (_, index) => `11.18.${index}.1`)

  it('does not open the breaker from one network, and delays nobody else', async () => {
    const service = await startRemediation({ mode: 'enforce' })
    for (const network of ['11.18.0.', '2001:db8:0:1::']) {
      await repeat(
        service,
        Array.from({ length: 60 }, (_, index) => `${network}${index + 1}`),
      )
    }
    expect(await service.metric('clawtrust_remediation_breaker_open')).toBe(0)
    // Of the IPv6 network the third host is blocked with all others; those of the IPv4 network are networks of their own.
    expect(service.ledger.incidents.count('blocked')).toBe(16 + 3)
    expect(service.ledger.incidents.count('proposed')).toBe(16)
    expect(service.ledger.blocks.get('2001:db8:0:1::/64')?.state).toBe('applied')
    await repeat(service)
    expect(states(service)).toEqual(['blocked'])
  })

  it('of one network have precedence over others as one: what its share leaves over is free', async () => {
    const service = await startRemediation({ mode: 'approve', limits: { waiting_approvals: 20 } })
    const network = Array.from({ length: 60 }, (_, index) => `11.18.0.${index + 1}`)
    await repeat(service, network, events(9))
    expect(service.ledger.incidents.count('proposed')).toBe(16)
    await repeat(service)
    expect(states(service)).toEqual(['proposed'])
  })

  it('of one network take one place when the breaker is reset', async () => {
    const service = await startRemediation({ mode: 'enforce', limits: { per_minute: 2, waiting_approvals: 2 } })
    const network = Array.from({ length: 20 }, (_, index) => `11.18.0.${index + 1}`)
    await repeat(service, network, events(9))
    await repeat(service, ['11.19.0.1', '11.20.0.1'])
    await repeat(service)
    expect(states(service)).toEqual(['refused'])
    await order(service, 'reset-breaker')
    await repeat(service, network, events(9))
    await repeat(service)
    expect(states(service)).toEqual(['refused', 'blocked'])
  })

  it('has the true offender wait until the breaker is reset, and no longer', async () => {
    const limits = { per_minute: 30, waiting_approvals: 20 }
    const service = await startRemediation({ mode: 'enforce', limits })
    await repeat(service, decoys(60))
    await repeat(service)
    expect(states(service)).toEqual(['refused'])
    await repeat(service)
    expect(states(service)).toEqual(['refused'])
    await order(service, 'reset-breaker')
    await repeat(service)
    expect(states(service)).toEqual(['refused', 'blocked'])
    expect(decisions(service)).toHaveLength(2)
  })

  it('has the true offender wait for an approval until a proposal lapses, and keeps nobody out with its renewals', async () => {
    const limits = { waiting_approvals: 20 }
    const service = await startRemediation({ mode: 'approve', approval_lifetime: '1h', limits })
    const all = [...decoys(20), ADDRESS]
    await repeat(service, all)
    expect(states(service)).toEqual(['refused'])
    await pass(service, HOUR_MS + 1_000)
    await repeat(service, all)
    expect(states(service)).toEqual(['refused', 'proposed'])
  })

  it('has the offender with most events asked about first where there is room for one', async () => {
    const limits = { waiting_approvals: 1 }
    const service = await startRemediation({ mode: 'approve', approval_lifetime: '1h', limits })
    const [first = '', second = '', third = ''] = decoys(3)
    await repeat(service, [first])
    await repeat(service, [second], events(3))
    await repeat(service, [third], events(3))
    await repeat(service, [ADDRESS], events(40))
    await pass(service, 50 * MINUTE_MS)
    const everybody = async () => {
      await repeat(service, [first])
      await repeat(service, [third], events(3))
      await repeat(service, [second], events(3))
      await repeat(service, [ADDRESS], events(40))
    }
    const proposed = () => service.ledger.incidents.list(['proposed'], 9).map(({ target }) => target)
    await everybody()
    expect(proposed()).toEqual([first])
    await pass(service, 10 * MINUTE_MS)
    await everybody()
    expect(proposed()).toEqual([ADDRESS])
    await pass(service, 55 * MINUTE_MS)
    await everybody()
    await pass(service, 5 * MINUTE_MS)
    await everybody()
    expect(proposed()).toEqual([second])
  })

  it('opens the breaker, and a proposal in mode enforce is carried out by a delivery when it is closed', async () => {
    const service = await startRemediation({ mode: 'enforce', limits: { per_minute: 1 } })
    await repeat(service, decoys(1))
    await repeat(service)
    expect(states(service)).toEqual(['proposed'])
    await order(service, 'reset-breaker')
    expect(states(service)).toEqual(['proposed'])
    await repeat(service)
    expect(states(service)).toEqual(['blocked'])
    expect(decisions(service).at(-1)).toMatchObject({ because: 'breaker_closed' })
  })
})
