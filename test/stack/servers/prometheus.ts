import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EpochMs } from '../../../core/clock.ts'
import { answersAt, eventually } from './eventually.ts'
import { withHosts } from './hosts.ts'
import { freePort, startProcess } from './process.ts'

export interface ScrapeTarget {
  /** Targets of one job are replicas. */
  readonly job: string
  /** `127.0.0.1:9847` */
  readonly address: string
  /** The files with which it is asked over TLS, where it demands a certificate. */
  readonly tls?: { readonly ca_file: string; readonly cert_file: string; readonly key_file: string }
}

/** One element of an instant vector. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** The exemplars of one series. */
export interface SeriesExemplars {
  readonly seriesLabels: Readonly<Record<string, string>>
  readonly exemplars: readonly {
    readonly labels: Readonly<Record<string, string>>
    readonly value: string
    /** Seconds since 1970. */
    readonly timestamp: number
  }[]
}

export interface Prometheus {
  readonly url: string
  /** Evaluates an expression that gives an instant vector, at a time (default: now). */
  query(expression: string, time?: EpochMs): Promise<readonly Sample[]>
  /** Waits until an expression gives at least one sample. */
  queryUntil(expression: string): Promise<readonly Sample[]>
  /** Waits until the series of an expression have at least one exemplar. Needs the feature `exemplar-storage`. */
  exemplarsUntil(expression: string): Promise<readonly SeriesExemplars[]>
  stop(): Promise<void>
}

export interface Alerting {
  readonly ruleFile: string
  /** Where each Alertmanager listens, `127.0.0.1:9093`. */
  readonly alertmanagers: readonly string[]
}

export interface ServerOptions {
  /** Default: the one on the PATH, Debian's. */
  readonly program?: string
  /** Names that it knows beside those of the system, as lines of a hosts file. */
  readonly hosts?: string
  /** What it is started with by `--enable-feature`. */
  readonly features?: readonly string[]
  /** Puts blocks of the past into the data folder first. */
  readonly fill?: (dataFolder: string) => Promise<void>
}

const QUERY_LIMIT_MS = 50_000

/** Starts a server that scrapes every second; see `startConfiguredPrometheus`. */
export const startPrometheus = (
  targets: readonly ScrapeTarget[],
  alerting?: Alerting,
  options: ServerOptions = {},
): Promise<Prometheus> => startConfiguredPrometheus(configuration(targets, alerting), options)

/** Starts a server on loopback with a data folder of its own; it is ready on return. */
export async function startConfiguredPrometheus(
  configuration: object,
  { program = 'prometheus', hosts, features = [], fill }: ServerOptions = {},
): Promise<Prometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'clawtrust-prometheus-'))
  const config = join(folder, 'prometheus.yml')
  // JSON is YAML: the configuration needs no writer of its own.
  await writeFile(config, JSON.stringify(configuration))
  await fill?.(join(folder, 'data'))
  const listen = `127.0.0.1:${await freePort()}`
  const url = `http://${listen}`
  const prometheus = startProcess(
    ...(await withHosts(folder, hosts, [
      program,
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      // Blocks of the past may be of any date.
      '--storage.tsdb.retention.time=100y',
      `--web.listen-address=${listen}`,
      ...features.map(feature => `--enable-feature=${feature}`),
    ])),
  )
  const stop = async () => {
    await prometheus.stop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await answersAt(`${url}/-/ready`, prometheus)
  } catch (error) {
    await stop()
    throw error
  }
  return {
    url,
    query: (expression, time) => query(url, expression, time),
    queryUntil: expression => queryUntil(url, expression),
    exemplarsUntil: expression => exemplarsUntil(url, expression),
    stop,
  }
}

const configuration = (targets: readonly ScrapeTarget[], alerting?: Alerting) => ({
  global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
  scrape_configs: [...Map.groupBy(targets, ({ job }) => job)].map(([job, replicas]) => ({
    job_name: job,
    static_configs: [{ targets: replicas.map(({ address }) => address) }],
    ...(replicas[0]?.tls === undefined ? {} : { scheme: 'https', tls_config: replicas[0].tls }),
  })),
  ...(alerting === undefined
    ? {}
    : {
        rule_files: [alerting.ruleFile],
        alerting: { alertmanagers: [{ static_configs: [{ targets: alerting.alertmanagers }] }] },
      }),
})

async function query(url: string, expression: string, time?: EpochMs): Promise<readonly Sample[]> {
  const at = time === undefined ? {} : { time: String(time / 1000) }
  const response = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query: expression, ...at })}`)
  const body = (await response.json()) as QueryResponse
  if (body.status !== 'success') throw new Error(`prometheus refused ${expression}: ${body.error}`)
  return body.data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }))
}

function exemplarsUntil(url: string, expression: string): Promise<readonly SeriesExemplars[]> {
  return eventually(
    `exemplars of ${expression}`,
    async () => {
      const parameters = new URLSearchParams({ query: expression, start: '0', end: String(Date.now() / 1000 + 60) })
      const response = await fetch(`${url}/api/v1/query_exemplars?${parameters}`)
      const { data = [] } = (await response.json()) as { readonly data?: readonly SeriesExemplars[] }
      return data.length > 0 ? data : undefined
    },
    { limitMs: QUERY_LIMIT_MS },
  )
}

async function queryUntil(url: string, expression: string): Promise<readonly Sample[]> {
  const ask = async () => {
    const samples = await query(url, expression)
    return samples.length > 0 ? samples : undefined
  }
  try {
    return await eventually(`${expression} gives a sample`, ask, { limitMs: QUERY_LIMIT_MS })
  } catch (cause) {
    const targets = await (await fetch(`${url}/api/v1/targets?state=active`)).text()
    throw new Error(`${(cause as Error).message}\n${targets}`, { cause })
  }
}

type QueryResponse =
  | { status: 'success'; data: { result: { metric: Record<string, string>; value: [number, string] }[] } }
  | { status: 'error'; error: string }
