import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { HOUR_MS } from '../../../core/clock.ts'
import { expressions, substituted } from '../../dashboards/generated.ts'
import { withCommands } from '../../requirements.ts'
import type { Sample } from '../servers/prometheus.ts'
import { startWatchedDemo, type WatchedDemo } from './watched-demo.ts'

/** Of one process each, which has no replica here. */
const SINGLE = ['clawtrust-remediation', 'clawtrust-compliance']
/** Of the past in Prometheus: a fixed day, so that nothing but the present part depends on when this runs. */
const ATTACK = Date.UTC(2026, 10, 26)
/** After so many the attack is over. */
const ATTACK_HOURS = 12
const attackHours = { range: '12h', rateInterval: '5m' }
const lately = { range: '10m', rateInterval: '1m' }

withCommands('prometheus', 'promtool').describe('the dashboards over the demo', () => {
  let demo: WatchedDemo

  beforeAll(async () => {
    demo = await startWatchedDemo({
      jobs: ['one', 'two'],
      attack: ATTACK,
      until: ATTACK + (ATTACK_HOURS + 1) * HOUR_MS,
    })
    await demo.prometheus.queryUntil(
      'clawtrust_remediation_would_block_total and clawtrust_remediation_would_block_total offset 15s',
    )
  }, 180_000)

  afterAll(async () => {
    await demo?.stop()
  })

  /** Of the attack day, as if it were that hour of it. */
  const inAttack = (
    expression: string,
    { hour = ATTACK_HOURS, job = '.+', range = attackHours.range } = {},
  ): Promise<readonly Sample[]> =>
    demo.prometheus.query(substituted(expression, { ...attackHours, range, job }), ATTACK + hour * HOUR_MS)

  it.each(expressions)(
    '%s: "%s" has data: %s',
    async (_uid, _title, expression) => {
      // The second half of the attack has the first half as its earlier window.
      const past = await Promise.all([{ hour: 2.5 }, {}, { range: '6h' }].map(at => inAttack(expression, at)))
      // A scrape that a busy machine answers too late leaves no data for a second.
      const found =
        past.flat().length > 0 ? past.flat() : await demo.prometheus.queryUntil(substituted(expression, lately))
      expect(found).not.toEqual([])
    },
    60_000,
  )

  describe('two replicas that tell the same', () => {
    const counts = expressions.filter(
      ([uid, , expression]) => !SINGLE.includes(uid) && /\b(sum|count)\b/.test(expression),
    )

    it.each(counts)('%s: "%s" is not doubled', async (_uid, _title, expression) => {
      const [one, both] = await Promise.all([inAttack(expression, { job: 'one' }), inAttack(expression)])
      const total = (samples: readonly Sample[]) => samples.reduce((sum, { value }) => sum + value, 0)
      expect(total(both)).toBeCloseTo(total(one), 6)
    })

    it('would be doubled by a plain sum, which this therefore sees', async () => {
      const [sum] = await inAttack('sum(clawtrust_auth_failures_total) / sum(clawtrust_auth_failures_total{job="one"})')
      expect(sum?.value).toBe(2)
    })
  })
})
