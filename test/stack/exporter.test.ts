import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { withCommands } from '../requirements.ts'
import { eventually } from './servers/eventually.ts'
import { type RunningExporter, startExporter } from './servers/exporter.ts'
import { type Prometheus, startPrometheus } from './servers/prometheus.ts'
import { checkMetrics } from './servers/promtool.ts'

withCommands('prometheus', 'promtool').describe('the exporter without a configuration', () => {
  let exporter: RunningExporter
  let prometheus: Prometheus

  beforeAll(async () => {
    exporter = await startExporter()
    prometheus = await startPrometheus([{ job: 'clawtrust', address: exporter.address }])
  }, 60_000)

  afterAll(async () => {
    await prometheus?.stop()
    await exporter?.stop()
  })

  it('is scraped by Prometheus', async () => {
    const [up] = await prometheus.queryUntil('up{job="clawtrust"} == 1')
    expect(up?.value).toBe(1)
  }, 60_000)

  it('tells Prometheus of the authentication failures of the recordings, by gateway, trust zone and reason', async () => {
    const samples = await prometheus.queryUntil('clawtrust_auth_failures_total > 0')
    for (const { labels } of samples) {
      expect(labels).toMatchObject({
        gateway: expect.stringMatching(/./),
        trust_zone: expect.stringMatching(/./),
        mechanism: expect.stringMatching(/./),
        reason: expect.stringMatching(/./),
      })
    }
  }, 60_000)

  it('keeps its sources up', async () => {
    const samples = await prometheus.queryUntil('clawtrust_source_up')
    expect(samples.filter(({ value }) => value !== 1)).toEqual([])
  }, 60_000)

  it('has an exposition that promtool finds nothing wrong with', async () => {
    expect(checkMetrics(await exporter.text('/metrics'))).toBe('')
  })

  it('serves a page that names the address of its metrics', async () => {
    expect(await exporter.text('/')).toContain('/metrics')
  })

  it('becomes ready', async () => {
    await eventually('/-/ready answers', async () => exporter.text('/-/ready'), { by: exporter.process })
  }, 60_000)
})

it('ends cleanly on SIGTERM', async () => {
  const exporter = await startExporter()
  expect(await exporter.stop()).toBe(0)
}, 60_000)
