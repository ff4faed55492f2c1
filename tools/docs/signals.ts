import type { BlindSpot } from '../../core/blind-spots.ts'
import type { SignalDefinition } from '../../core/signals.ts'
import type { Component, components, Observer, Principle } from '../../core/zero-trust.ts'
import type { Dialect } from '../../decoding/dialects/dialect.ts'
import type { SetupStep } from '../../decoding/dialects/setup.ts'
import type { GeneratedPart } from './generated-part.ts'
import { code, page, table } from './markdown.ts'
import type { MetricTable } from './metrics.ts'

/** The input of the page. */
export interface ZeroTrustMap {
  readonly principles: Readonly<Record<Principle, string>>
  readonly components: typeof components
  readonly observers: Readonly<Record<Observer, string>>
  readonly signals: Readonly<Record<string, SignalDefinition>>
  readonly blindSpots: Readonly<Record<string, BlindSpot>>
  readonly dialects: readonly Dialect[]
  /** The metrics in addition to those of the signals. */
  readonly metricTables: readonly MetricTable[]
}

const INTRODUCTION = `Which signal monitors which part of a zero-trust deployment (NIST SP 800-207), who reports it, and how that was tested. \`clawtrust doctor\` says for your host what of it is read, and what to add; the section Coverage of the exporter's page says it for what is configured, as does \`GET /api/v1/coverage\`.

**Tested.** A dialect is *captured* where a real program wrote most of its samples; *real program*: a test runs that program and counts what it writes. *Documented* samples were written after a published format, and never captured.`

/** docs/signals.md, from the zero-trust map, the signal catalogue and the dialects. */
export function signalsPage(map: ZeroTrustMap): string {
  const all = Object.entries(map.signals)
  return page(
    'Signals of a zero-trust deployment',
    INTRODUCTION,
    '## By principle',
    table(
      ['principle', 'signals', 'reported by'],
      Object.entries(map.principles).map(([key, sentence]) => {
        const own = all.filter(([, signal]) => signal.principles.includes(key as Principle))
        return [sentence, namesOf(own), observersOf(map, own)]
      }),
    ),
    '## By component',
    ...Object.entries(map.components).flatMap(([key, { title, has, metrics }]) => {
      const own = all.filter(([, signal]) => signal.components.includes(key as Component))
      return [
        `### ${title}\n\nA deployment has ${has}.`,
        table(
          ['metric', 'meaning', 'reported by'],
          [
            ...own.map(signal => signalRow(map, signal)),
            ...Object.entries(metrics).map(metric => metricRow(map, metric)),
          ],
        ),
      ]
    }),
    '## How each dialect was tested',
    table(
      ['dialect', 'observer', 'samples of', 'the real program runs in'],
      map.dialects.map(({ name, observer, documentation: { samples } }) => [
        code(name),
        map.observers[observer],
        `${samples.kind}: ${samples.from}`,
        samples.test === undefined ? 'no test' : code(samples.test),
      ]),
    ),
    "## What OpenClaw's own log does not contain",
    'Missing data is not health. Each row needs another observer; without one it is blind, and the page and `clawtrust doctor` say so.',
    table(
      ['not in the log', 'signal', 'reported by', 'dialects'],
      Object.values(map.blindSpots).map(spot => [
        spot.what,
        code(spot.signal),
        reportersOf(map, spot),
        map.dialects
          .filter(({ observer, signals }) => spot.observers.includes(observer) && signals.includes(spot.signal))
          .map(({ name }) => code(name))
          .join(', ') || 'none yet',
      ]),
    ),
    '## What to add',
    'The exact lines of each dialect. Adjust paths and names; `clawtrust check-config` checks the result.',
    ...map.dialects.map(
      ({ name, documentation }) => `### ${code(name)}\n\n${documentation.setup.map(stepBlock).join('\n\n')}`,
    ),
  )
}

/** The same blind spots without their dialects. */
export function shortBlindSpotTable(map: Pick<ZeroTrustMap, 'blindSpots' | 'observers'>): GeneratedPart {
  const rows = Object.values(map.blindSpots).map(spot => [spot.what, reportersOf(map, spot)])
  return {
    name: 'blind spots',
    from: 'core/blind-spots.ts',
    text: table(["not in OpenClaw's log", 'reported by'], rows),
  }
}

function reportersOf(map: Pick<ZeroTrustMap, 'observers'>, { observers, instead }: BlindSpot): string {
  return observers.length === 0 ? `no known program; read: ${instead}` : wordsOf(map, observers)
}

type Named = readonly [name: string, signal: SignalDefinition]

const namesOf = (signals: readonly Named[]) => signals.map(([name]) => code(name)).join(', ') || 'none'

/** The signals themselves, or those that they are derived from. */
const reported = ([name, { derivedFrom }]: Named): readonly string[] => derivedFrom ?? [name]

function reporters({ dialects }: ZeroTrustMap, signal: Named): readonly Dialect[] {
  return dialects.filter(dialect => dialect.signals.some(name => reported(signal).includes(name)))
}

function observersOf(map: ZeroTrustMap, signals: readonly Named[]): string {
  return wordsOf(map, [...new Set(signals.flatMap(signal => reporters(map, signal).map(({ observer }) => observer)))])
}

const wordsOf = ({ observers }: Pick<ZeroTrustMap, 'observers'>, keys: readonly Observer[]) =>
  keys.map(key => observers[key]).join(', ') || 'none'

function signalRow(map: ZeroTrustMap, signal: Named): string[] {
  const [, { metric, help, derivedFrom }] = signal
  if (derivedFrom !== undefined) return [code(metric), help, `derived from ${derivedFrom.map(code).join(' and ')}`]
  return [code(metric), help, reporters(map, signal).map(evidenceOf).join(', ')]
}

/** A dialect, and how it was tested. */
function evidenceOf({ name, documentation: { samples } }: Dialect): string {
  return `${code(name)} (${samples.kind}${samples.test === undefined ? '' : ', real program'})`
}

/** A metric that is not the counter of a signal. @throws TypeError where no part defines it */
function metricRow(map: ZeroTrustMap, [name, observers]: [string, readonly Observer[]]): string[] {
  const found = map.metricTables.flatMap(({ definitions }) => definitions).find(definition => definition.name === name)
  if (found === undefined) throw new TypeError(`core/zero-trust.ts names the metric ${name}, which no part defines`)
  return [code(name), found.help, observers.length === 0 ? 'clawtrust itself' : wordsOf(map, observers)]
}

function stepBlock({ where, lines }: SetupStep): string {
  return `${where === 'shell' ? 'In a shell' : `In ${where}`}:\n\n\`\`\`text\n${lines.join('\n')}\n\`\`\``
}
