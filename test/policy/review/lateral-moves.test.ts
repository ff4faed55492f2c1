import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createEvaluator } from '../../../policy/decide/evaluator.ts'
import { readPolicy } from '../../../policy/language/read.ts'
import { type LateralMoves, lateralMoves } from '../../../policy/review/lateral-moves.ts'
import { policies, requests } from '../arbitraries.ts'

const today = '2026-11-30'

const resolvedOf = (text: string) => {
  const { resolved, problems } = readPolicy(text, 'test', 'text')
  expect(problems).toEqual([])
  return resolved
}

const resolved = resolvedOf(`
zone control
  members: namespace=openclaw and service-identity=controller
zone analytics
  members: namespace=analytics
zone data
  members: namespace=data, 10.20.0.0/16
zone backup
  members: namespace=backup
allow analytics-to-data
  from: zone=analytics
  to: zone=data:9200
  protocol: tcp
allow data-to-control
  from: namespace=data
  to: zone=control:8080, 10.30.0.0/16:22
  protocol: tcp
  condition: device-posture=trusted
allow control-to-api
  from: service-identity=controller
  to: api.openclaw.local:443
  protocol: https
allow gone
  from: zone=analytics
  to: zone=backup:1
  expires: 2026-11-29
`)

const brief = ({ passing, possible }: LateralMoves) => ({
  passing: passing.map(({ step, from, to, rule }) => [step, from, to, rule]),
  possible: possible.map(({ step, from, rule, zones, unknown }) => [step, from, rule, zones, unknown]),
})

describe('lateral moves', () => {
  it('are followed over zones, with the rule, the ports and the conditions of each', () => {
    const found = lateralMoves(resolved, 'analytics', { today })
    expect(brief(found).passing).toEqual([
      [1, 'analytics', 'data', 'analytics-to-data'],
      [2, 'data', 'control', 'data-to-control'],
      [2, 'data', null, 'data-to-control'],
      [3, 'control', null, 'control-to-api'],
    ])
    expect(found.passing[1]).toMatchObject({
      ports: 'tcp 8080',
      conditions: ['device-posture=trusted'],
      source: 'namespace=data',
      destination: '',
    })
    expect(found.passing[2]).toMatchObject({ destination: '10.30.0.0/16' })
  })

  it('that depend on what the policy does not say are apart, and what follows from them alone is named by its zone', () => {
    const found = lateralMoves(resolved, 'control', { today })
    expect(brief(found)).toEqual({
      passing: [[1, 'control', null, 'control-to-api']],
      possible: [
        [
          1,
          'control',
          'control-to-api',
          ['analytics', 'data', 'backup'],
          ['whether api.openclaw.local is in zone analytics or data or backup'],
        ],
      ],
    })
    expect(found.possiblyReached).toEqual(['analytics', 'data', 'backup'])
    const narrow = resolvedOf(
      'zone a members: namespace=a\nzone b members: namespace=b\nallow x from: service-identity=i to: zone=b:1\n',
    )
    expect(brief(lateralMoves(narrow, 'a', { today })).possible).toEqual([
      [1, 'a', 'x', ['b'], ['whether service-identity=i is in zone a']],
    ])
  })

  it('of a rule that has expired are none', () => {
    expect(lateralMoves(resolved, 'analytics', { today }).passing.map(({ rule }) => rule)).not.toContain('gone')
    expect(lateralMoves(resolved, 'analytics', { today: '2026-11-29' }).passing.map(({ rule }) => rule)).toContain(
      'gone',
    )
    expect(lateralMoves(resolved, 'backup', { today, depth: 1 }).passing).toEqual([])
  })

  it('end after the depth, and with a destination only those on a way there that is short enough are left', () => {
    const passing = (limits: { to?: string; depth?: number }) =>
      brief(lateralMoves(resolved, 'analytics', { today, ...limits })).passing
    expect(passing({ depth: 1 })).toEqual([[1, 'analytics', 'data', 'analytics-to-data']])
    expect(passing({ to: 'control' })).toEqual([
      [1, 'analytics', 'data', 'analytics-to-data'],
      [2, 'data', 'control', 'data-to-control'],
    ])
    expect(passing({ to: 'control', depth: 1 })).toEqual([])
    expect(passing({ to: 'backup' })).toEqual([])
  })

  it('end where zones lead to each other in a circle', () => {
    const circle = resolvedOf(
      'zone a members: namespace=a\nzone b members: namespace=b\nallow x from: zone=a to: zone=b:1\nallow y from: zone=b to: zone=a:1\n',
    )
    expect(brief(lateralMoves(circle, 'a', { today })).passing).toEqual([
      [1, 'a', 'b', 'x'],
      [2, 'b', 'a', 'y'],
    ])
  })

  it('miss no access that the evaluator allows from one zone to another', () => {
    fc.assert(
      fc.property(policies, fc.array(requests, { maxLength: 20 }), (policy, asked) => {
        const evaluator = createEvaluator(policy, { today })
        for (const request of asked) {
          const { answer, sourceZone, destinationZone, rule } = evaluator.decide(request)
          if (answer !== 'allow' || sourceZone === null || sourceZone === 'unknown' || destinationZone === 'unknown')
            continue
          const { passing, possible } = lateralMoves(policy, sourceZone, { today, depth: 1 })
          if (destinationZone === sourceZone || passing.some(({ to }) => to === destinationZone)) continue
          const name = policy.rules[rule ?? -1]?.name
          const isIt = (move: { rule: string; zones: readonly string[] }) =>
            move.rule === name && (destinationZone === null || move.zones.includes(destinationZone))
          expect(possible.some(isIt)).toBe(true)
        }
      }),
    )
  })
})

it('refuses a policy whose ends may be in too many pairs of zones, and names the rule', () => {
  const zones = Array.from({ length: 800 }, (_, index) => `zone z${index}\n  members: namespace=n${index}\n`)
  const text = `${zones.join('')}allow vague\n  from: service-identity=a\n  to: service-identity=b:443\n  protocol: tcp\n`
  const { resolved } = readPolicy(text, 'test', 'text')
  expect(() => lateralMoves(resolved, 'z0', { today: '2026-11-30' })).toThrow(
    /^The rules up to vague may be about more than 500,000 pairs/,
  )
})
