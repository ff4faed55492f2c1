import { monitorEventLoopDelay } from 'node:perf_hooks'
import { parentPort, workerData } from 'node:worker_threads'
import { Gauge, Registry } from 'prom-client'
import { systemClock } from '../../core/clock.ts'
import { renderExposition } from '../../service/exposition/exposition.ts'
import { createProcessMetrics } from '../../service/exposition/process-metrics.ts'
import { createHttpService, type HttpServiceOptions } from '../../service/http/http-service.ts'
import { createLogger } from '../../service/log/logger.ts'
import { createSeriesStore } from '../../service/series/store.ts'

/** The server under measure, in a thread of its own, so that the client's work does not count as its stall. */

export interface ServerSetup {
  readonly peer: 'clawtrust' | 'prom-client'
  readonly series: number
  /** Counters with an exemplar each, in the place of gauges. */
  readonly exemplars?: boolean
  readonly webConfigFile?: string
}

const { peer, series, exemplars = false, webConfigFile } = workerData as ServerSetup
const NAME = 'clawtrust_anomaly_score'
const labelsOf = (n: number) => [`g${String(n).padStart(5, '0')}`, 'a'] as const

const COUNTER = 'clawtrust_auth_failures_total'
const TRACE = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' }

function ours(): HttpServiceOptions['exposition'] {
  const store = createSeriesStore({ limit: series })
  const process = createProcessMetrics({ version: 'bench' })
  const metric = store.define({
    ...(exemplars ? { name: COUNTER, type: 'counter' } : { name: NAME, type: 'gauge' }),
    help: 'Score.',
    labels: ['gateway', 'trust_zone'],
    durable: exemplars,
  })
  for (let n = 0; n < series; n++) {
    const one = metric.series(...labelsOf(n))
    one.value = n / 8
    if (exemplars) one.exemplar = { trace: TRACE, value: 1, time: 1_764_457_812_123 + n }
  }
  store.publish(store.changes())
  return format => renderExposition(store, process, format)
}

function promClient(): () => AsyncIterable<string> {
  const registry = new Registry()
  const gauge = new Gauge({ name: NAME, help: 'Score.', labelNames: ['gateway', 'trust_zone'], registers: [registry] })
  for (let n = 0; n < series; n++) gauge.labels(...labelsOf(n)).set(n / 8)
  return async function* () {
    yield await registry.metrics()
  }
}

const service = createHttpService({
  listen: { host: '127.0.0.1', port: 0 },
  webConfigFile,
  exposition: peer === 'clawtrust' ? ours() : promClient(),
  scrapeRefused: () => {},
  page: () => ({ body: '', headers: {} }),
  notReady: () => undefined,
  reload: () => service.reload(),
  clock: systemClock,
  logger: createLogger({ level: 'error' }),
})
const { url } = await service.start()

const delay = monitorEventLoopDelay({ resolution: 1 })
parentPort?.on('message', (message: 'begin' | 'end') => {
  if (message === 'begin') {
    delay.reset()
    delay.enable()
    return
  }
  delay.disable()
  parentPort?.postMessage({ longestStallMs: delay.max / 1e6 - 1 })
})
parentPort?.postMessage({ url })
