import type { Dialect, DocumentationSection } from '../../decoding/dialects/dialect.ts'
import type { Envelope } from '../../decoding/envelopes/envelope.ts'
import { code, page, table } from './markdown.ts'

/** What the page is made from. */
export interface DecodingTables {
  readonly dialects: readonly Dialect[]
  readonly envelopes: readonly Envelope[]
  readonly prefilter: readonly string[]
  /** Values of the label `reason`, with what they mean. */
  readonly reasons: Readonly<Record<string, string>>
}

const INTRODUCTION = `A dialect is one kind of record. Of every record it says what the record claims to have happened, or why it claims nothing; what no dialect knows is counted by reason (\`clawtrust_undecoded_total\`) and never guessed. Subject: OpenClaw 2026.9.6, and the older layouts named below. The name of a dialect is the value of the label \`decoder\`.`

const DOCUMENTS = `## Documents

A document of Elasticsearch is decoded by itself, so that an index may hold a mixture. Its record is looked for in this order, and nowhere else:

1. **At its root**, where a shipper has parsed the line; nested or with dotted keys. Log records by OpenTelemetry are at the root too: with their attributes there, or under \`attributes\`, \`Attributes\` or \`labels\` (there also with underscores for dots).
2. **In an envelope**: the one field in which a shipper puts the record, as the raw line or as the parsed object. An envelope is recognised by its marks, fields that its shipper alone writes; all of them must be there. The whole field is the record.
3. As a document of another schema (\`ecs\`).

A document that is none of these is counted as \`unknown_envelope\`. It is **not searched** for texts that look like a record: whoever can write a text into a log could otherwise forge one.`

const OWN_ENVELOPE = `Where a shipper of your own writes none of these marks, the source says where the record is, by the name of an envelope or by the field: \`envelope: filebeat\`, \`envelope: { raw: message }\`, \`envelope: { parsed: openclaw }\`. Every document of that source that is no record at its root is then opened there, whatever marks it has. Do so only where the field always holds the whole line as the program wrote it, never a part of it.

\`service.instance.id\`, \`host.name\`, \`service.name\`, \`kubernetes.namespace\` and \`kubernetes.labels\` of the document, also as attributes of an OpenTelemetry resource, say where it comes from and go before what the line says.

Evidence: documents behind rsyslog were captured from a real server; the other shapes, the OpenTelemetry Collector's among them, are laid out by the shippers' documentation and were never captured.`

/** docs/decoders.md, from what the dialects and envelopes say of themselves. */
export function decodersPage({ dialects, envelopes, prefilter, reasons }: DecodingTables): string {
  const rules = [
    ...dialects.flatMap(({ documentation }) => documentation.rules),
    'A line longer than 131,072 characters is not parsed (`line_too_long`).',
  ]
  return page(
    'Decoders',
    INTRODUCTION,
    table(
      ['dialect', 'reads'],
      dialects.map(({ name, documentation }) => [code(name), documentation.reads]),
    ),
    'The first that recognises a record takes it.',
    DOCUMENTS,
    table(
      ['envelope', 'written by', 'record', 'marks'],
      envelopes.map(({ name, documentation, record, marks }) => [
        code(name),
        documentation.writtenBy,
        'raw' in record ? `raw line in ${code(record.raw)}` : `object ${code(record.parsed)}`,
        marks.map(({ path, value }) => code(value === undefined ? path : `${path}: ${value}`)).join(', '),
      ]),
    ),
    OWN_ENVELOPE,
    `## How records are counted\n\n${rules.map(rule => `* ${rule}`).join('\n')}`,
    '## What is not decoded\n\n`clawtrust_undecoded_total` counts by reason:',
    table(
      ['reason', 'counts'],
      Object.entries(reasons).map(([reason, meaning]) => [code(reason), meaning]),
    ),
    ...dialects.flatMap(({ documentation }) => (documentation.sections ?? []).flatMap(sectionBlocks)),
    `## Skipping\n\nA line that holds none of these texts can bring neither a claim nor a loss; a source may count it as \`skipped\` without parsing it: ${prefilter.map(code).join(', ')}.`,
  )
}

function sectionBlocks({ title, text, tables = [] }: DocumentationSection): string[] {
  return [
    `## ${title}\n\n${text}`,
    ...tables.map(({ title: name, header, rows }) => `### ${name}\n\n${table(header, rows)}`),
  ]
}
