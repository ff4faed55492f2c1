import type { EpochMs } from '../../core/clock.ts'
import type { PrometheusSettings } from '../../core/config/prometheus.ts'
import { Fault } from '../../core/errors.ts'
import { isObject, parseJson, valueAt } from '../../core/json.ts'
import { boundedFetch, type Fetch, RequestFailed } from '../../service/http-client/bounded-fetch.ts'
import { foreignWords } from '../../service/http-client/foreign-words.ts'
import { trustingFetch } from '../../service/http-client/trusting-fetch.ts'
import { readCertificatePair, readCertificates } from '../../service/secrets/read-certificate.ts'
import { readSecret } from '../../service/secrets/read-secret.ts'
import { ConsecutiveFailures } from './consecutive-failures.ts'
import { mergeSeries } from './series.ts'
import type { MetricSeries, MetricStore } from './stores.ts'

/** A server with the HTTP API of Prometheus, its secrets and certificates already read. */
export interface PrometheusConnection {
  /** Without the path `/api/v1`. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Texts that a server may quote and that are never shown. */
  readonly secrets: readonly string[]
  /** Milliseconds. */
  readonly timeout: number
  readonly fetch: Fetch
}

type Environment = Readonly<Record<string, string | undefined>>

/** The settings with every secret and certificate read. Rejects with SECRET_UNREADABLE. */
export async function readPrometheusConnection(
  settings: PrometheusSettings,
  environment: Environment,
  section = '',
): Promise<PrometheusConnection> {
  const { url, username, tenant, request_timeout: timeout } = settings
  const secret = (key: 'password' | 'bearer_token', inHeader: boolean) =>
    readSecret(`${section}${key}`, { inline: settings[key], file: settings[`${key}_file`] }, environment, { inHeader })
  const password = (await secret('password', false))?.reveal() ?? ''
  const token = (await secret('bearer_token', true))?.reveal()
  const ca = await readCertificates(`${section}ca_file`, settings.ca_file)
  const clientCertificate = await readCertificatePair(section, settings)
  const basic = Buffer.from(`${username}:${password}`).toString('base64')
  return {
    url,
    headers: {
      ...(username === undefined ? {} : { authorization: `Basic ${basic}` }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(tenant === undefined ? {} : { 'x-scope-orgid': tenant }),
    },
    secrets: [password, token ?? '', ...(username === undefined ? [] : [basic])],
    timeout,
    fetch: await trustingFetch({
      ...(ca === undefined ? {} : { ca }),
      ...(clientCertificate === undefined ? {} : { clientCertificate }),
    }),
  }
}

const LARGEST_ANSWER = 64 * 1024 * 1024
const MAX_QUOTE = 300
/** Prometheus refuses a range of more than 11,000 points for a series. */
const MOST_POINTS = 10_000

/** The HTTP API, as documented for Prometheus 2 and 3. Without TLS of its own, an address alone is a connection. */
export function prometheusStore(connection: PrometheusConnection): MetricStore {
  const { url: address } = connection
  const failures = new ConsecutiveFailures()
  const asking = (path: string, parameters: Record<string, string> | undefined, signal: AbortSignal) =>
    ask(connection, failures, { path, parameters, signal })
  const query = async (path: string, parameters: Record<string, string>, signal: AbortSignal) =>
    seriesOf(await asking(path, parameters, signal), address)
  return {
    address,
    instant: (expression, at, signal) => query('query', { query: expression, time: seconds(at) }, signal),
    async range(expression, { start, end, step }, signal) {
      const parts: (readonly MetricSeries[])[] = []
      const span = (MOST_POINTS - 1) * step
      for (let from = start; from <= end; from += span + step) {
        const to = Math.min(from + span, end)
        const window = { start: seconds(from), end: seconds(to), step: seconds(step) }
        parts.push(await query('query_range', { query: expression, ...window }, signal))
      }
      return mergeSeries(parts)
    },
    async alertRules(signal) {
      const data = await asking('rules', undefined, signal)
      const groups = valueAt(data, 'groups')
      if (!Array.isArray(groups)) throw unreadable(address)
      const rules = groups.flatMap(group => valueAt(group, 'rules') ?? [])
      const alerts = rules.filter(rule => valueAt(rule, 'type') === 'alerting')
      const namesOf = (some: readonly unknown[]) =>
        new Set(some.map(rule => valueAt(rule, 'name')).filter(name => typeof name === 'string'))
      // A rule that cannot be evaluated never fires.
      const failing = namesOf(alerts.filter(rule => valueAt(rule, 'health') === 'err'))
      return [...namesOf(alerts)].filter(name => !failing.has(name)).sort()
    },
  }
}

const seconds = (ms: number): string => String(ms / 1_000)

interface Asked {
  readonly path: string
  readonly parameters: Record<string, string> | undefined
  readonly signal: AbortSignal
}

/** The data of an answer. A GET where there are no parameters: their route takes nothing else. */
async function ask(
  { url, headers, secrets, timeout, fetch }: PrometheusConnection,
  failures: ConsecutiveFailures,
  { path, parameters, signal }: Asked,
): Promise<unknown> {
  failures.check()
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const init: RequestInit & { headers: Record<string, string> } = {
    redirect: 'manual',
    headers: { accept: 'application/json', ...headers, ...(parameters === undefined ? {} : form) },
    ...(parameters === undefined ? {} : { method: 'POST', body: String(new URLSearchParams(parameters)) }),
  }
  const bounds = { timeout, largest: LARGEST_ANSWER, signal }
  const answer = await boundedFetch(fetch, `${url}/api/v1/${path}`, init, bounds).catch((failure: unknown) => {
    signal.throwIfAborted()
    if (!(failure instanceof RequestFailed)) throw failure
    const fault = new Fault(`Prometheus at ${url} cannot be reached: ${failure.message}`)
    failures.failed(fault)
    throw fault
  })
  signal.throwIfAborted()
  failures.answered()
  const { status, text, incomplete } = answer
  if (incomplete !== undefined) throw new Fault(`Prometheus at ${url} did not answer completely: ${incomplete}`)
  if (status === 401 || status === 403) {
    throw new Fault(
      `Prometheus at ${url} refuses the credentials (${status}); check username, password or bearer_token`,
    )
  }
  const body = parseJson(text)
  const quote = (words: unknown) => foreignWords(String(words), MAX_QUOTE, secrets)
  if (!isObject(body) || (body.status !== 'success' && body.status !== 'error')) {
    throw new Fault(`${url} does not answer as Prometheus (${status}); check the address and the path before /api/v1`)
  }
  if (body.status === 'error') {
    const words = `${body.errorType}: ${body.error}`
    throw new Fault(`Prometheus at ${url} could not evaluate the expression: ${quote(words)}`)
  }
  const warnings = body.warnings
  if (Array.isArray(warnings) && warnings.length > 0) {
    throw new Fault(`Prometheus at ${url} answered only in part: ${quote(warnings.join('; '))}`)
  }
  // VictoriaMetrics, where a node of its storage did not answer.
  if (body.isPartial === true) throw new Fault(`Prometheus at ${url} answered only in part`)
  return body.data
}

const unreadable = (address: string): Fault =>
  new Fault(`Prometheus at ${address} gave an answer that is not as its documentation says; check the address`)

/** Reads a vector, a matrix, a scalar. What is no finite number is nothing that was measured. */
function seriesOf(data: unknown, address: string): readonly MetricSeries[] {
  const result = valueAt(data, 'result')
  const type = valueAt(data, 'resultType')
  if (!Array.isArray(result)) throw unreadable(address)
  if (type === 'scalar') return [{ labels: {}, samples: samplesOf([result], address) }]
  if (type !== 'vector' && type !== 'matrix') throw unreadable(address)
  return result
    .map(element => ({
      labels: labelsOf(valueAt(element, 'metric'), address),
      samples: samplesOf(type === 'vector' ? [valueAt(element, 'value')] : valueAt(element, 'values'), address),
    }))
    .filter(({ samples }) => samples.length > 0)
}

function labelsOf(labels: unknown, address: string): Readonly<Record<string, string>> {
  if (!isObject(labels) || Object.values(labels).some(value => typeof value !== 'string')) throw unreadable(address)
  return labels as Readonly<Record<string, string>>
}

function samplesOf(values: unknown, address: string): (readonly [EpochMs, number])[] {
  // A native histogram has no values.
  if (!Array.isArray(values)) throw unreadable(address)
  const samples: (readonly [EpochMs, number])[] = []
  for (const pair of values) {
    if (!Array.isArray(pair) || typeof pair[0] !== 'number' || typeof pair[1] !== 'string') throw unreadable(address)
    const value = Number(pair[1])
    if (Number.isFinite(value)) samples.push([Math.round(pair[0] * 1_000), value])
  }
  return samples
}
