import type { BlindSpot } from '../../core/blind-spots.ts'
import type { SignalDefinition } from '../../core/signals.ts'
import type { Component, ComponentMetric, components, Observer, Principle } from '../../core/zero-trust.ts'
import type { Reporter } from '../../decoding/dialects/reporter.ts'
import { readShipped, type SetupStep } from '../../decoding/dialects/setup.ts'
import type { Envelope } from '../../decoding/envelopes/envelope.ts'
import { code, page, table } from './markdown.ts'
import type { MetricTable } from './metrics.ts'

/** The input of the page. */
export interface ZeroTrustMap {
  readonly principles: Readonly<Record<Principle, string>>
  readonly components: typeof components
  readonly observers: Readonly<Record<Observer, string>>
  readonly signals: Readonly<Record<string, SignalDefinition>>
  readonly blindSpots: Readonly<Record<string, BlindSpot>>
  readonly reporters: readonly Reporter[]
  /** Those of documents. */
  readonly envelopes: readonly Pick<Envelope, 'name' | 'documentation'>[]
  /** The metrics in addition to those of the signals. */
  readonly metricTables: readonly MetricTable[]
}

const INTRODUCTION = `Which signal monitors which part of a zero-trust deployment (NIST SP 800-207), who reports it, and how that was tested. \`clawtrust doctor\` says for your host what of it is read, and what to add; the section Coverage of the exporter's page says it for what is configured, as does \`GET /api/v1/coverage\`.

**Tested.** A dialect, or a source that looks at something itself, is *captured* where a real program wrote most of its samples; *real program*: a test runs that program and counts what it writes. *Documented* samples were written after a published format, and never captured.`

/** docs/signals.md, from the zero-trust map, the signal catalogue and the dialects. */
export function signalsPage(map: ZeroTrustMap): string {
  const all = Object.entries(map.signals)
  return page(
    'Signals of a zero-trust deployment',
    INTRODUCTION,
    '## By principle',
    table(
      ['principle', 'metrics', 'reported by', 'tested with records of'],
      Object.entries(map.principles).map(([key, sentence]) => {
        const own = all.filter(([, signal]) => signal.principles.includes(key as Principle))
        return [sentence, metricsOf(own), observersOf(map, own), evidenceFor(map, own)]
      }),
    ),
    '## By component',
    ...Object.entries(map.components).flatMap(([key, { title, has, metrics }]) => {
      const own = all.filter(([, signal]) => signal.components.includes(key as Component))
      return [
        `### ${title}\n\nA deployment has ${has}.`,
        table(
          ['metric', 'meaning', 'reported by, and how that was tested'],
          [
            ...own.map(signal => signalRow(map, signal)),
            ...Object.entries(metrics).map(metric => metricRow(map, metric)),
          ],
        ),
      ]
    }),
    '## How each dialect and source was tested',
    table(
      ['dialect or source', 'observer', 'samples of', 'the real program runs in'],
      map.reporters.map(({ name, observer, documentation: { samples } }) => [
        code(name),
        map.observers[observer],
        `${samples.kind}: ${samples.from}`,
        samples.test === undefined ? 'no test' : code(samples.test),
      ]),
    ),
    "## What OpenClaw's own log does not contain",
    'Missing data is not health. Each row needs another observer; without one it is blind, and the page and `clawtrust doctor` say so.',
    table(
      ['not in the log', 'signal', 'reported by', 'dialects and sources'],
      Object.values(map.blindSpots).map(({ what, signal, observers, instead }) => [
        what,
        code(signal),
        observers.length === 0 ? `no known program; read: ${instead}` : wordsOf(map, observers),
        map.reporters
          .filter(one => observers.includes(one.observer) && one.signals.some(name => name === signal))
          .map(({ name }) => code(name))
          .join(', ') || 'none yet',
      ]),
    ),
    '## What to add',
    'The exact lines of each dialect and source. Adjust paths and names; `clawtrust check-config` checks the result.',
    ...map.reporters.map(
      ({ name, documentation }) => `### ${code(name)}\n\n${documentation.setup.map(stepBlock).join('\n\n')}`,
    ),
    '### Through a shipper',
    'Where a shipper stores these records in Elasticsearch, read them there, in the place of the files: all dialects of lines, in each of these envelopes. Configurations of shippers are in [elasticsearch.md](elasticsearch.md#3-ship-the-log).',
    table(
      ['envelope', 'written by'],
      map.envelopes.map(({ name, documentation }) => [code(name), documentation.writtenBy]),
    ),
    stepBlock(readShipped()),
  )
}

type Named = readonly [name: string, signal: SignalDefinition]

const metricsOf = (signals: readonly Named[]) => signals.map(([, { metric }]) => code(metric)).join(', ') || 'none'

/** The signals themselves, or those that they are derived from. */
const reported = ([name, { derivedFrom }]: Named): readonly string[] => derivedFrom ?? [name]

function reporters({ reporters: all }: ZeroTrustMap, signal: Named): readonly Reporter[] {
  return all.filter(one => one.signals.some(name => reported(signal).includes(name)))
}

function observersOf(map: ZeroTrustMap, signals: readonly Named[]): string {
  return wordsOf(map, [...new Set(signals.flatMap(signal => reporters(map, signal).map(({ observer }) => observer)))])
}

/** The programs whose captured records are tests; reporters of which no record was captured. */
function evidenceFor(map: ZeroTrustMap, signals: readonly Named[]): string {
  const own = [...new Set(signals.flatMap(signal => reporters(map, signal)))]
  const of = (kind: 'captured' | 'documented') => own.filter(({ documentation }) => documentation.samples.kind === kind)
  // What follows the name of the program is in the table of dialects.
  const programs = [...new Set(of('captured').map(({ documentation }) => documentation.samples.from.split(/[;,]/)[0]))]
  const documented = of('documented').map(({ name }) => code(name))
  return [programs.join(', '), ...(documented.length === 0 ? [] : [`documented: ${documented.join(', ')}`])].join('; ')
}

const wordsOf = ({ observers }: ZeroTrustMap, keys: readonly Observer[]) =>
  keys.map(key => observers[key]).join(', ') || 'none'

function signalRow(map: ZeroTrustMap, signal: Named): string[] {
  const [, { metric, help, derivedFrom }] = signal
  if (derivedFrom !== undefined) return [code(metric), help, `derived from ${derivedFrom.map(code).join(' and ')}`]
  return [code(metric), help, reporters(map, signal).map(evidenceOf).join(', ')]
}

/** A dialect, and how it was tested. */
function evidenceOf({ name, documentation: { samples } }: Reporter): string {
  return `${code(name)} (${samples.kind}${samples.test === undefined ? '' : ', real program'})`
}

/** A metric that is not the counter of a signal. @throws TypeError where no part defines it */
function metricRow(map: ZeroTrustMap, [name, { observers, test }]: [string, ComponentMetric]): string[] {
  const found = map.metricTables.flatMap(({ definitions }) => definitions).find(definition => definition.name === name)
  if (found === undefined) throw new TypeError(`core/zero-trust.ts names the metric ${name}, which no part defines`)
  const by = observers.length === 0 ? 'clawtrust itself' : wordsOf(map, observers)
  return [code(name), found.help, `${by}; ${code(test)}`]
}

function stepBlock({ where, lines }: SetupStep): string {
  return `${where === 'shell' ? 'In a shell' : `In ${where}`}:\n\n\`\`\`text\n${lines.join('\n')}\n\`\`\``
}
