import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { SecurityEvent } from '../../../core/event.ts'
import { PAIR_WAIT_MS, Pairing } from '../../../exporter/pipeline/pairing.ts'
import { claim, NOON } from './fixtures.ts'

type Role = 'leading' | 'partner'

const event = (time: number, parts: Partial<SecurityEvent> = {}): SecurityEvent => ({
  signal: 'auth_failures',
  labels: {},
  outcome: 'failure',
  severity: 'medium',
  eventTime: time,
  count: 1,
  gateway: 'gw',
  trustZone: 'agent-control',
  actor: { addressTrusted: false },
  record: { source: 'log', id: '1' },
  ...parts,
})
const line = (key: string, role: Role) => claim({ pair: { key, role } })

describe('pairing', () => {
  it('counts a claim without a pair at once, every time', () => {
    const pairing = new Pairing('log')
    expect(pairing.admit(claim(), event(NOON), NOON)).toBe(true)
    expect(pairing.admit(claim(), event(NOON), NOON)).toBe(true)
  })

  it.each<[Role, Role]>([
    ['leading', 'partner'],
    ['partner', 'leading'],
  ])('counts the leading line of %s and %s, with its own repeats', (first, second) => {
    const pairing = new Pairing('log')
    const counted = [first, second].filter(role => pairing.admit(line('c1', role), event(NOON), NOON))
    expect(counted).toEqual(['leading'])
    expect(pairing.release(NOON + 10 * PAIR_WAIT_MS)).toEqual([])
  })

  it('counts a lone partner when the watermark has passed it by a minute, not earlier', () => {
    const pairing = new Pairing('log')
    expect(pairing.admit(line('c1', 'partner'), event(NOON, { count: 4 }), NOON)).toBe(false)
    expect(pairing.oldestWaiting()).toBe(NOON)
    expect(pairing.release(NOON + PAIR_WAIT_MS - 1)).toEqual([])
    expect(pairing.release(NOON + PAIR_WAIT_MS)).toEqual([event(NOON, { count: 4 })])
    expect(pairing.oldestWaiting()).toBe(Number.POSITIVE_INFINITY)
    expect(pairing.admit(line('c1', 'leading'), event(NOON), NOON + PAIR_WAIT_MS)).toBe(false)
  })

  it('joins two lines that come an hour late in neighbouring batches', () => {
    const pairing = new Pairing('log')
    const old = NOON - 3_600_000
    expect(pairing.admit(line('c1', 'partner'), event(old), NOON)).toBe(false)
    expect(pairing.release(NOON + 1000)).toEqual([])
    expect(pairing.admit(line('c1', 'leading'), event(old + 20), NOON + 1000)).toBe(true)
    expect(pairing.release(NOON + 10 * PAIR_WAIT_MS)).toEqual([])
  })

  it('keeps gateways and streams apart that use the same key', () => {
    const pairing = new Pairing('log')
    const lines = [
      pairing.admit(line('c1', 'leading'), event(NOON, { gateway: 'a' }), NOON),
      pairing.admit(line('c1', 'leading'), event(NOON, { gateway: 'b' }), NOON),
      pairing.admit({ ...line('c1', 'leading'), stream: 'security-event' }, event(NOON, { gateway: 'a' }), NOON),
    ]
    expect(lines).toEqual([true, true, true])
  })

  it('counts rather than forgets the partners that have no more room', () => {
    const pairing = new Pairing('log', 10)
    for (let n = 0; n < 25; n++) pairing.admit(line(`c${n}`, 'partner'), event(NOON + n * 1000), NOON)
    expect(pairing.release(NOON)).toHaveLength(15)
    expect(pairing.release(NOON + 10 * PAIR_WAIT_MS)).toHaveLength(10)
  })

  it('counts every connection once, however lines, watermark and restarts interleave', () => {
    const connection = fc.record({
      time: fc.nat(300_000),
      roles: fc.constantFrom<Role[]>(['leading'], ['partner'], ['partner', 'leading'], ['leading', 'partner']),
      apart: fc.nat(30_000),
    })
    const run = fc.record({
      connections: fc.array(connection, { minLength: 1, maxLength: 12 }),
      watermarks: fc.array(fc.nat(400_000), { maxLength: 10 }),
      restartAt: fc.nat(30),
    })
    fc.assert(
      fc.property(run, ({ connections, watermarks, restartAt }) => {
        const happenings = [
          ...connections.flatMap(({ time, roles, apart }, index) =>
            roles.map((role, at) => ({ at: time + at * apart, line: { index, role, time } })),
          ),
          ...watermarks.map(at => ({ at, line: undefined })),
        ].sort((a, b) => a.at - b.at)
        const counted = new Map<string, number>()
        const count = (id: string) => counted.set(id, (counted.get(id) ?? 0) + 1)
        let pairing = new Pairing('log')
        let watermark = 0
        happenings.forEach((happening, step) => {
          if (step === restartAt) {
            const documents = pairing.changes()
            pairing = new Pairing('log')
            pairing.restore(JSON.parse(JSON.stringify(documents)))
          }
          if (happening.line !== undefined) {
            const { index, role, time } = happening.line
            const told = event(time, { record: { source: 'log', id: `c${index}` } })
            if (pairing.admit(line(`c${index}`, role), told, watermark)) count(`c${index}`)
          } else {
            watermark = happening.at
            for (const { record } of pairing.release(watermark)) count(record.id)
          }
        })
        for (const { record } of pairing.release(10_000_000)) count(record.id)
        expect(counted).toEqual(new Map(connections.map((_, index) => [`c${index}`, 1])))
      }),
      { numRuns: 300 },
    )
  })
})
