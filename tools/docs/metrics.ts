import type { SignalDefinition } from '../../core/signals.ts'
import { principles as sentences } from '../../core/zero-trust.ts'
import type { MetricDefinition } from '../../service/series/series.ts'
import { code, page, table } from './markdown.ts'

/** Metrics that a part of clawtrust defines in addition to the signals. */
export interface MetricTable {
  readonly title: string
  readonly definitions: readonly MetricDefinition[]
}

const INTRODUCTION = `Every domain series also has the labels \`gateway\` (the gateway that reported it) and \`trust_zone\` (from your map).
Label values are from the closed sets below; any other value in a record is counted as \`other\`.
Two exporters that read the same logs expose the same events: aggregate with \`max by (gateway, trust_zone)\` over rates, never by summing instances.
Counters of signals have exemplars with the trace of an event, where a scrape asks for OpenMetrics ([traces.md](traces.md)).`

/** docs/metrics.md, from the signal catalogue and the definitions of the other metrics. */
export function metricsPage(
  signals: Readonly<Record<string, SignalDefinition>>,
  tables: readonly MetricTable[],
): string {
  const signalBlocks = Object.entries(signals).flatMap(([name, signal]) => [
    `### \`${signal.metric}\``,
    signal.help,
    signalFacts(name, signal),
    table(['label', 'values'], Object.entries(signal.labels).map(labelCells)),
  ])
  const otherBlocks = tables.flatMap(({ title, definitions }) => [
    `## ${title}`,
    table(
      ['metric', 'type', 'labels', 'meaning'],
      definitions.map(({ name, type, labels, help }) => [code(name), type, labels.map(code).join(', '), help]),
    ),
  ])
  return page('Metrics', INTRODUCTION, '## Signals', ...signalBlocks, ...otherBlocks)
}

function signalFacts(name: string, { severity, family, tier, principles, controls }: SignalDefinition): string {
  return [
    `* Signal \`${name}\`, family ${family}, severity ${severity} unless an event says otherwise, ${tier} scorer.`,
    `* Principle: ${principles.map(key => sentences[key]).join(' ')}`,
    `* Evidence for NIST SP 800-53 rev. 5: ${controls.join(', ')}.`,
  ].join('\n')
}

function labelCells([label, values]: [string, readonly string[] | null]): string[] {
  return [code(label), values === null ? 'the trust zones of your configuration' : values.map(code).join(', ')]
}
