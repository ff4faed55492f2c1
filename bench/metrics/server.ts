import { monitorEventLoopDelay } from 'node:perf_hooks'
import { parentPort, workerData } from 'node:worker_threads'
import { Gauge, Registry } from 'prom-client'
import { systemClock } from '../../core/clock.ts'
import { renderExposition } from '../../service/exposition/exposition.ts'
import { createProcessMetrics } from '../../service/exposition/process-metrics.ts'
import { createHttpService } from '../../service/http/http-service.ts'
import { createLogger } from '../../service/log/logger.ts'
import { createSeriesStore } from '../../service/series/store.ts'

/** The server under measure, in a thread of its own, so that the client's work does not count as its stall. */

export interface ServerSetup {
  readonly peer: 'clawtrust' | 'prom-client'
  readonly series: number
  readonly webConfigFile?: string
}

const { peer, series, webConfigFile } = workerData as ServerSetup
const NAME = 'clawtrust_anomaly_score'
const labelsOf = (n: number) => [`g${String(n).padStart(5, '0')}`, 'a'] as const

function ours(): () => AsyncIterable<string> {
  const store = createSeriesStore({ limit: series })
  const process = createProcessMetrics({ version: 'bench' })
  const metric = store.define({
    name: NAME,
    help: 'Score.',
    type: 'gauge',
    labels: ['gateway', 'trust_zone'],
    durable: false,
  })
  for (let n = 0; n < series; n++) metric.series(...labelsOf(n)).value = n / 8
  return () => renderExposition(store, process)
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
