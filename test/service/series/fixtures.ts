import fc from 'fast-check'
import type { MetricDefinition, SeriesStore } from '../../../service/series/series.ts'
import { codePoint } from '../../code-point.ts'
import { type ParsedSample, parseExposition } from './strict-parser.ts'

export const failures: MetricDefinition = {
  name: 'clawtrust_auth_failures_total',
  help: 'Failed authentications.',
  type: 'counter',
  labels: ['gateway', 'reason'],
  durable: true,
}

export const score: MetricDefinition = {
  name: 'clawtrust_anomaly_score',
  help: 'Score.',
  type: 'gauge',
  labels: ['gateway'],
  durable: false,
}

export async function exposed(store: SeriesStore): Promise<string> {
  return (await slicesOf(store)).join('')
}

export async function slicesOf(store: SeriesStore): Promise<string[]> {
  const slices: string[] = []
  for await (const slice of store.render()) slices.push(String(slice))
  return slices
}

/** The samples of one metric, as a scrape sees them. */
export async function samplesOf(store: SeriesStore, { name }: MetricDefinition): Promise<ParsedSample[]> {
  return parseExposition(await exposed(store)).filter(sample => sample.name === name)
}

/** Values by label values joined for reading, e.g. `{ 'a unauthorized': 3 }`. */
export async function valuesOf(store: SeriesStore, definition: MetricDefinition): Promise<Record<string, number>> {
  const samples = await samplesOf(store, definition)
  return Object.fromEntries(samples.map(({ labels, value }) => [[...labels.values()].join(' '), value]))
}

/** Commits everything as the pipeline does when the database has it. */
export function commit(store: SeriesStore): void {
  store.publish(store.changes())
}

/** What attackers write into logs. */
export const hostileText = fc.oneof(
  fc.string({ unit: codePoint, maxLength: 20 }),
  fc.string({
    unit: fc.constantFrom('"', '\\', '\n', ',', '=', '{', '}', '|', ':', '~', 'a', '\r', '\u2028'),
    maxLength: 8,
  }),
  fc.string({ unit: fc.constantFrom('\ud800', '\udc00', '\ud83d', '\ufffd', '\0', 'x'), maxLength: 4 }),
  fc.nat({ max: 2 }).map(tail => 'y'.repeat(10_000) + tail),
  fc.constantFrom('__overflow__', '', 'z'.repeat(1_024), 'z'.repeat(1_025), `${'w'.repeat(1_023)}😀`),
)
