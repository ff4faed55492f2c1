import { spawnSync } from 'node:child_process'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createDurations } from '../../../remediation/metrics/definitions.ts'
import { renderExposition } from '../../../service/exposition/exposition.ts'
import { createProcessMetrics } from '../../../service/exposition/process-metrics.ts'
import type { MetricDefinition, SeriesStore } from '../../../service/series/series.ts'
import { createSeriesStore } from '../../../service/series/store.ts'
import { wheelProgram } from '../../../tools/checks/wheels.ts'
import { withCommands } from '../../requirements.ts'
import { commit, exposed, failures, hostileText, score } from './fixtures.ts'
import { parseOpenMetrics } from './open-metrics-parser.ts'

const TRACE = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' }
const OTHER = { traceId: 'a3ce929d0e0e47364bf92f3577b34da6' }
const TIME = 1_764_457_812_123

const info: MetricDefinition = { ...score, name: 'clawtrust_source_info', help: 'Kind.', labels: ['source', 'kind'] }
const bytes: MetricDefinition = { ...score, name: 'clawtrust_folder_bytes', help: 'Size of "it".', labels: [] }

async function openMetrics(store: SeriesStore, process = createProcessMetrics({ version: '1.2.3' })): Promise<string> {
  let text = ''
  for await (const slice of renderExposition(store, process, 'openmetrics')) text += slice
  return text
}

const exemplarsOf = async (store: SeriesStore) =>
  parseOpenMetrics(await openMetrics(store)).flatMap(({ exemplar }) => exemplar ?? [])

/** Two counters of which one has an exemplar, an info, a unit, and the metrics of the process. */
function exampleStore(): SeriesStore {
  const store = createSeriesStore()
  const counter = store.define(failures)
  const traced = counter.series('gw "1"', 'token_mismatch')
  traced.value += 3
  traced.exemplar = { trace: TRACE, value: 3, time: TIME }
  counter.series('gw-2', 'not-paired').value += 1
  store.define(info).series('log', 'file').value = 1
  store.define(bytes).series().value = 4096
  commit(store)
  return store
}

describe('OpenMetrics', () => {
  it('has families of counters without _total, infos, units, exemplars, and a last line', async () => {
    const text = await openMetrics(exampleStore())
    expect(text).toContain(`\
# HELP clawtrust_auth_failures Failed authentications.
# TYPE clawtrust_auth_failures counter
clawtrust_auth_failures_total{gateway="gw \\"1\\"",reason="token_mismatch"} 3 # {trace_id="4bf92f3577b34da6a3ce929d0e0e4736",span_id="00f067aa0ba902b7"} 3 1764457812.123
clawtrust_auth_failures_total{gateway="gw-2",reason="not-paired"} 1
# HELP clawtrust_source Kind.
# TYPE clawtrust_source info
clawtrust_source_info{source="log",kind="file"} 1
# HELP clawtrust_folder_bytes Size of \\"it\\".
# TYPE clawtrust_folder_bytes gauge
# UNIT clawtrust_folder_bytes bytes
clawtrust_folder_bytes 4096
`)
    expect(text.endsWith('\n# EOF\n')).toBe(true)
  })

  it('has the samples of the text format, the metrics of the process among them', async () => {
    const store = exampleStore()
    const process = createProcessMetrics({ version: '1.2.3' })
    let text = ''
    for await (const slice of renderExposition(store, process)) text += slice
    const namesIn = (exposition: string) => new Set(exposition.match(/^[a-z_\d]+/gm))
    expect(parseOpenMetrics(await openMetrics(store, process)).length).toBeGreaterThan(20)
    expect(namesIn(await openMetrics(store, process))).toEqual(namesIn(text))
  })

  it('writes the bounds of a histogram of prom-client with a fraction', async () => {
    const durations = createDurations()
    durations.observe('block', 700)
    const text = `${await durations.render('openmetrics')}# EOF\n`
    const bounds = parseOpenMetrics(text).flatMap(({ labels }) => labels.get('le') ?? [])
    expect(bounds).toEqual(expect.arrayContaining(['0.01', '0.5', '1.0', '60.0', '+Inf']))
    expect(text).toContain('_bucket{le="1.0",action="block"} 1\n')
    expect(await durations.render('text')).toContain('_bucket{le="1",action="block"} 1\n')
  })

  it('leaves the text format as it was, byte for byte', async () => {
    expect(await exposed(exampleStore())).toBe(`\
# HELP clawtrust_series Series of a metric, without its overflow series.
# TYPE clawtrust_series gauge
clawtrust_series{metric="clawtrust_auth_failures_total"} 2
clawtrust_series{metric="clawtrust_source_info"} 1
clawtrust_series{metric="clawtrust_folder_bytes"} 1
# HELP clawtrust_series_dropped_total Requests for a new series beyond the limit of its metric; the values went to the overflow series.
# TYPE clawtrust_series_dropped_total counter
clawtrust_series_dropped_total{metric="clawtrust_auth_failures_total"} 0
clawtrust_series_dropped_total{metric="clawtrust_source_info"} 0
clawtrust_series_dropped_total{metric="clawtrust_folder_bytes"} 0
# HELP clawtrust_auth_failures_total Failed authentications.
# TYPE clawtrust_auth_failures_total counter
clawtrust_auth_failures_total{gateway="gw \\"1\\"",reason="token_mismatch"} 3
clawtrust_auth_failures_total{gateway="gw-2",reason="not-paired"} 1
# HELP clawtrust_source_info Kind.
# TYPE clawtrust_source_info gauge
clawtrust_source_info{source="log",kind="file"} 1
# HELP clawtrust_folder_bytes Size of "it".
# TYPE clawtrust_folder_bytes gauge
clawtrust_folder_bytes 4096
`)
  })

  it('stays valid whatever an attacker writes into labels', async () => {
    const labels = fc.uniqueArray(fc.tuple(hostileText, hostileText), { selector: tuple => JSON.stringify(tuple) })
    await fc.assert(
      fc.asyncProperty(labels, async tuples => {
        const store = createSeriesStore()
        const counter = store.define(failures)
        for (const tuple of tuples) {
          const series = counter.series(...tuple)
          series.value += 1
          series.exemplar = { trace: OTHER, value: 1, time: TIME }
        }
        commit(store)
        const found = parseOpenMetrics(await openMetrics(store)).filter(({ name }) => name === failures.name)
        expect(found).toHaveLength(tuples.length)
        expect(found.every(({ exemplar }) => exemplar?.labels.get('trace_id') === OTHER.traceId)).toBe(true)
      }),
      { numRuns: 50 },
    )
  })

  withCommands('openmetrics-parser').it('is taken by the parser of prometheus_client, exemplars included', async () => {
    const script = `
import sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse
found = [s.exemplar for f in parse(sys.stdin.read()) for s in f.samples if s.exemplar]
print([(e.labels['trace_id'], e.value, float(e.timestamp)) for e in found])`
    const path = wheelProgram('openmetrics-parser').replace(/\/prometheus_client\/.*/, '')
    const { stdout, stderr } = spawnSync('python3', ['-c', script], {
      input: await openMetrics(exampleStore()),
      env: { ...process.env, PYTHONPATH: path },
      encoding: 'utf8',
    })
    expect(stderr).toBe('')
    expect(stdout).toBe(`[('${TRACE.traceId}', 3, ${TIME / 1000})]\n`)
  })
})

describe('an exemplar', () => {
  it('is exposed with the value that it was set beside, when that is committed', async () => {
    const store = createSeriesStore()
    const series = store.define(failures).series('a', 'b')
    series.value += 1
    series.exemplar = { trace: TRACE, value: 1, time: TIME }
    expect(await exemplarsOf(store)).toEqual([])
    const first = store.changes()
    series.value += 5
    series.exemplar = { trace: OTHER, value: 5, time: TIME + 1_000 }
    store.publish(first)
    expect(await exemplarsOf(store)).toMatchObject([{ value: 1, time: TIME / 1_000 }])
    commit(store)
    expect(await exemplarsOf(store)).toMatchObject([{ value: 5, time: TIME / 1_000 + 1 }])
  })

  it('stays where later events have no trace, and changes nothing of the text format', async () => {
    const store = createSeriesStore()
    const series = store.define(failures).series('a', 'b')
    series.value += 1
    commit(store)
    const without = await exposed(store)
    series.exemplar = { trace: TRACE, value: 1, time: TIME }
    series.value += 1
    commit(store)
    series.value -= 1
    expect(await exposed(store)).toBe(without.replace('reason="b"} 1', 'reason="b"} 2'))
    expect(await exemplarsOf(store)).toHaveLength(1)
  })

  it('is that of the scrape that began, while others are committed between its slices', async () => {
    const store = createSeriesStore({ limit: 10_000 })
    const counter = store.define(failures)
    const count = (time: number) => {
      for (let n = 0; n < 10_000; n++) {
        const series = counter.series(`gateway-${n}`, 'x')
        series.value += 1
        series.exemplar = { trace: TRACE, value: 1, time }
      }
      commit(store)
    }
    count(1_000)
    let text = ''
    for await (const slice of store.render('openmetrics')) {
      text += slice
      count(2_000)
    }
    const times = parseOpenMetrics(`${text}# EOF\n`).flatMap(({ exemplar }) => exemplar?.time ?? [])
    expect(times).toHaveLength(10_000)
    expect(new Set(times)).toEqual(new Set([1]))
  })
})

describe('a name', () => {
  it.each([
    [{ ...failures, name: 'clawtrust_failures' }, 'the name of a counter ends with _total'],
    [{ ...score, name: 'clawtrust_devices_total' }, 'the name of a gauge does not end with _total'],
    [{ ...score, name: 'clawtrust_devices_count' }, 'the name of a gauge does not end with _count'],
  ])('that OpenMetrics does not allow is refused: $name', (definition, reason) => {
    expect(() => createSeriesStore().define(definition)).toThrow(reason)
  })

  it('of a gauge and of a counter may not be one family', () => {
    const store = createSeriesStore()
    store.define(failures)
    expect(() => store.define({ ...score, name: 'clawtrust_auth_failures' })).toThrow('is already defined')
  })
})
