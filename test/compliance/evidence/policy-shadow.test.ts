import { describe, expect, it } from '@jest/globals'
import { SCRAPE_MS } from '../../../compliance/demo/evaluate.ts'
import { createDemoMetrics } from '../../../compliance/demo/metric-store.ts'
import { policyShadow } from '../../../compliance/evidence/policy-shadow.ts'
import type { Stores } from '../../../compliance/evidence/stores.ts'
import { DAY_MS, HOUR_MS } from '../../../core/clock.ts'
import { contextOf, periodOf } from './context.ts'

const START = Date.parse('2026-11-02T00:00:00Z')
const PERIOD = periodOf(START, START + 7 * DAY_MS)

/** Prometheus with a candidate policy that decides ten times an hour and denies once, of which the laboratory has half. */
function shadowed(...decisions: readonly string[]): Stores {
  const perHour: Readonly<Record<string, number>> = { allow: 9, deny: 1 }
  const series = decisions.flatMap(decision =>
    ['lab', 'edge'].map(zone => ({
      labels: {
        __name__: 'clawtrust_policy_shadow_decisions_total',
        job: 'clawtrust',
        instance: 'exporter:9847',
        policy: 'next',
        decision,
        source_zone: zone,
        destination_zone: 'analytics',
      },
      at: (time: number) => (perHour[decision] ?? 0) * Math.floor((time - START + 10 * HOUR_MS) / HOUR_MS),
    })),
  )
  const up = { labels: { __name__: 'up', job: 'clawtrust', instance: 'exporter:9847' }, at: () => 1 }
  return { prometheus: createDemoMetrics([...series, up], []) }
}

const read = (measure: 'decisions' | 'denied' | 'share_denied', stores: Stores, labels?: Record<string, string>) =>
  policyShadow.read({ from: 'policy_shadow', measure, ...(labels && { labels }) }, contextOf(PERIOD, stores))

describe('evidence of a policy in shadow', () => {
  it('counts decisions and denials, and their share', async () => {
    const stores = shadowed('allow', 'deny')
    const hours = 7 * 24
    expect((await read('decisions', stores)).value).toBe(2 * 10 * hours)
    expect((await read('denied', stores)).value).toBe(2 * hours)
    const share = await read('share_denied', stores)
    expect(share).toMatchObject({ value: 10, result: { decisions: 2 * 10 * hours, denied: 2 * hours } })
    expect(share.distribution?.map(({ value }) => value)).toEqual(Array(7).fill(10))
    expect((await read('denied', stores, { source_zone: 'lab' })).value).toBe(hours)
    expect(share.newest).toBeGreaterThan(PERIOD.end - SCRAPE_MS)
  })

  it('is zero where a policy decided and denied nothing, and unknown where none is evaluated', async () => {
    expect((await read('denied', shadowed('allow'))).value).toBe(0)
    expect((await read('share_denied', shadowed('allow'))).value).toBe(0)
    for (const measure of ['decisions', 'denied', 'share_denied'] as const) {
      expect((await read(measure, shadowed())).value).toBeNull()
      expect((await read(measure, {})).value).toBeNull()
    }
  })

  it('knows the labels that can be chosen', () => {
    const taken = (labels: object) => policyShadow.schema.safeParse({ from: 'policy_shadow', labels }).success
    expect([taken({ policy: 'next' }), taken({ decision: 'deny' }), taken({ gateway: 'edge-1' })]).toEqual([
      true,
      false,
      false,
    ])
  })
})
