import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { withCommands } from '../requirements.ts'
import { parseOpenMetrics } from '../service/series/open-metrics-parser.ts'
import { eventually } from './servers/eventually.ts'
import { type RunningExporter, startExporter } from './servers/exporter.ts'
import { type Prometheus, startPrometheus } from './servers/prometheus.ts'
import { checkMetrics } from './servers/promtool.ts'

withCommands('prometheus', 'promtool').describe('the exporter without a configuration', () => {
  let exporter: RunningExporter
  let prometheus: Prometheus

  beforeAll(async () => {
    exporter = await startExporter()
    prometheus = await startPrometheus([{ job: 'clawtrust', address: exporter.address }], undefined, {
      features: ['exemplar-storage'],
    })
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

  it('gives Prometheus an exemplar of series whose events have a trace: the newest, with its trace id and time', async () => {
    const found = await prometheus.exemplarsUntil('{__name__=~"clawtrust_.+_total"}')
    for (const { seriesLabels, exemplars } of found) {
      expect(seriesLabels).toMatchObject({ gateway: expect.any(String), trust_zone: expect.any(String) })
      for (const { labels, timestamp } of exemplars) {
        expect(labels.trace_id).toMatch(/^(?!0{32})[0-9a-f]{32}$/)
        expect(timestamp).toBeLessThanOrEqual(Date.now() / 1000)
      }
    }
  }, 60_000)

  it('answers Prometheus in OpenMetrics, and others in the text format, with the same samples', async () => {
    const accept = 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1'
    const ask = (headers: Record<string, string>) => fetch(`http://${exporter.address}/metrics`, { headers })
    const [open, text] = [await ask({ accept }), await ask({})]
    expect(open.headers.get('content-type')).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8')
    expect(text.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    const samples = parseOpenMetrics(await open.text())
    const names = (await text.text()).match(/^[a-z_\d]+(?=[{ ])/gm)
    expect(new Set(samples.map(({ name }) => name))).toEqual(new Set(names))
  })

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
