import { execFileSync } from 'node:child_process'
import { describe, expect, it } from '@jest/globals'
import { renderExposition } from '../../../service/exposition/exposition.ts'
import { createProcessMetrics } from '../../../service/exposition/process-metrics.ts'
import { createSeriesStore } from '../../../service/series/store.ts'
import { withCommands } from '../../requirements.ts'

async function scrape(process = createProcessMetrics({ version: '1.2.3' })): Promise<string> {
  const store = createSeriesStore()
  const labels = ['gateway'] as const
  store.define({ name: 'clawtrust_devices', help: 'Devices.', type: 'gauge', labels, durable: false }).series('a')
  let text = ''
  for await (const slice of renderExposition(store, process)) text += slice
  return text
}

describe('the exposition', () => {
  it('has the domain series and the metrics of the process', async () => {
    const text = await scrape()
    expect(text).toContain('\nclawtrust_devices{gateway="a"} 0\n')
    expect(text).toContain(
      `\nclawtrust_build_info{version="1.2.3",revision="unknown",node_version="${process.version}"} 1\n`,
    )
    expect(text).toMatch(/\nprocess_cpu_seconds_total \d/)
  })

  it('tells how the last reading of the configuration went', async () => {
    const metrics = createProcessMetrics({ version: '1.2.3' })
    metrics.configReloaded(true, 1_700_000_000_000)
    metrics.configReloaded(false, 1_800_000_000_000)
    const text = await scrape(metrics)
    expect(text).toContain('\nclawtrust_config_last_reload_successful 0\n')
    expect(text).toContain('\nclawtrust_config_last_reload_success_timestamp_seconds 1700000000\n')
  })

  it('shares no registry between two services in one process', async () => {
    const metrics = createProcessMetrics({ version: '1.2.3' })
    createProcessMetrics({ version: '1.2.3' }).scrapeRefused()
    expect(await scrape(metrics)).toContain('\nclawtrust_http_scrapes_refused_total 0\n')
  })

  withCommands('promtool').it('is taken by promtool', async () => {
    expect(execFileSync('promtool', ['check', 'metrics'], { input: await scrape() }).toString()).toBe('')
  })
})
