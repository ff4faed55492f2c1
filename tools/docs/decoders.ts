import type { Dialect, DocumentationSection } from '../../decoding/dialects/dialect.ts'
import type { Envelope } from '../../decoding/envelopes/envelope.ts'
import type { LineEnvelope } from '../../decoding/envelopes/line-envelope.ts'
import { KNOWN_PROGRAMS } from '../../decoding/envelopes/programs.ts'
import { code, page, table } from './markdown.ts'

/** The input of the page. */
export interface DecodingTables {
  readonly dialects: readonly Dialect[]
  readonly envelopes: readonly Envelope[]
  readonly lineEnvelopes: readonly LineEnvelope[]
  readonly prefilter: readonly string[]
  /** Values of the label `reason`, with their meanings. */
  readonly reasons: Readonly<Record<string, string>>
}

const INTRODUCTION = `A dialect is one kind of record. It decodes a record to a claim, or to the reason why there is none; a record that no dialect recognises is counted by reason (\`clawtrust_undecoded_total\`) and never guessed. Subject: OpenClaw 2026.9.6, and the older layouts named below. The name of a dialect is the value of the label \`decoder\`.`

const DOCUMENTS = `## Documents

Each document of Elasticsearch is decoded separately, so that an index may contain a mixture. Its record is looked up in this order, and nowhere else:

1. **At its root**, if a shipper has parsed the line; nested or with dotted keys. Log records by OpenTelemetry are at the root too: with their attributes there, or under \`attributes\`, \`Attributes\` or \`labels\` (there also with underscores for dots).
2. **In an envelope**: the one field in which a shipper puts the record, as the raw line or as the parsed object. An envelope is recognised by its marks, fields that only its shipper writes; all of them must be present. The whole field is the record.
3. As a document of another schema (\`ecs\`).

A document that is none of these is counted as \`unknown_envelope\`. It is **not searched** for texts that look like a record: every client that can write text into a log could otherwise forge one.`

const OWN_ENVELOPE = `If your own shipper writes none of these marks, set the envelope at the source, by its name or by the field: \`envelope: filebeat\`, \`envelope: { raw: message }\`, \`envelope: { parsed: openclaw }\`. Every document of that source whose root is not a record is then opened there, whatever marks it has. Set it only if the field always contains the whole line as the program wrote it, never a part of it.

\`service.instance.id\`, \`host.name\`, \`service.name\`, \`kubernetes.namespace\` and \`kubernetes.labels\` of the document, also as attributes of an OpenTelemetry resource, give its origin and take precedence over the line.

Evidence: documents of rsyslog and of Filebeat 7.17.29 were captured from a real server; the other formats, including the OpenTelemetry Collector's, are from the shippers' documentation and source and were never captured.`

const LINES = `## Lines of files

A line of a file is the record itself, or it is in the envelope of a container runtime, a log daemon or a command, which is recognised in the same way: by marks that only its writer writes. It is opened once, and the rest of the line, or the text of one field, is the whole record. A byte order mark and NULs at the beginning of a line are ignored. Docker splits lines above 16 KiB, other runtimes and the journal above a length of their own: in followed files the parts of a record are joined, each stream for itself ([sources.md](sources.md)). A part without its end is counted as \`partial_record\`.

Evidence: the output of Docker 20.10 (\`json-file\` and \`journald\`), of podman 4.3 (\`k8s-file\`, which writes as CRI does) and of \`journalctl\` 252 (\`export\`, \`json\` and \`short\` with its like) was captured from the real programs; \`journalctl\` also runs in the tests. The other formats are from their writers' documentation.`

const PROGRAMS = `### Names of programs

A journal, a syslog file and the output of several containers contain the records of every program, and a client of any of them may make it write a record of the gateway. Their entries are opened only if the unit, the container, the service or the tag contains a word that begins with ${KNOWN_PROGRAMS} (\`openclaw-gateway.service\`, \`docker/openclaw\`, \`web-nginx-1\`), or if the tag is \`node\` and neither a unit nor a container is named. Every program of Node.js has the tag \`node\`: where others write into the same syslog file, give the gateway a tag of its own. To name a gateway, a proxy or a Keycloak that has another name:

| where | setting |
| --- | --- |
| unit of systemd | \`SyslogIdentifier=openclaw\` in its section \`[Service]\` |
| Docker's logging drivers \`journald\` and \`syslog\` | the option \`tag\`: \`--log-opt tag=openclaw\` |
| Docker Compose | the name of the service or \`container_name\` |
| documents of the journal in Elasticsearch | one of the above, or \`envelope: journald\` at a source whose index contains the gateway's entries only |

Lines of Docker's \`json-file\` and of CRI do not name their program: set \`paths\` to the files of the containers of the gateway, its proxy and Keycloak only.`

/** docs/decoders.md, from the documentation of the dialects and envelopes. */
export function decodersPage({ dialects, envelopes, lineEnvelopes, prefilter, reasons }: DecodingTables): string {
  const rules = [
    ...dialects.flatMap(({ documentation }) => documentation.rules),
    'A line longer than 131,072 characters is not parsed (`line_too_long`).',
  ]
  return page(
    'Decoders',
    INTRODUCTION,
    table(
      ['dialect', 'reads', 'signals', 'samples of'],
      dialects.map(({ name, signals, documentation: { reads, samples } }) => [
        code(name),
        reads,
        signals.map(code).join(', '),
        samples.kind === 'captured' ? samples.from : `(documented, not captured) ${samples.from}`,
      ]),
    ),
    'The first dialect that recognises a record decodes it.',
    DOCUMENTS,
    table(
      ['envelope', 'written by', 'record', 'marks'],
      envelopes.map(({ name, documentation, record, marks, programs }) => [
        code(name),
        documentation.writtenBy,
        'raw' in record ? `raw line in ${code(record.raw)}` : `object ${code(record.parsed)}`,
        [
          ...marks.map(({ path, value }) => code(value === undefined ? path : `${path}: ${value}`)),
          ...(programs === undefined ? [] : [`the program, in ${programs.map(code).join(', ')}`]),
        ].join(', '),
      ]),
    ),
    OWN_ENVELOPE,
    LINES,
    table(
      ['envelope', 'written by', 'record'],
      lineEnvelopes.map(envelope => [
        code(envelope.name),
        envelope.documentation.writtenBy,
        'record' in envelope ? `text of ${code(envelope.record.raw)}` : 'rest of the line after the header',
      ]),
    ),
    PROGRAMS,
    `## How records are counted\n\n${rules.map(rule => `* ${rule}`).join('\n')}`,
    '## What is not decoded\n\n`clawtrust_undecoded_total` counts by reason:',
    table(
      ['reason', 'counts'],
      Object.entries(reasons).map(([reason, meaning]) => [code(reason), meaning]),
    ),
    ...dialects.flatMap(({ documentation }) => (documentation.sections ?? []).flatMap(sectionBlocks)),
    `## Skipping\n\nA line that contains none of these texts has neither a claim nor a loss; a source may count it as \`skipped\` without parsing it: ${prefilter.map(code).join(', ')}.`,
  )
}

function sectionBlocks({ title, text, tables = [] }: DocumentationSection): string[] {
  return [
    `## ${title}\n\n${text}`,
    ...tables.map(({ title: name, header, rows }) => `### ${name}\n\n${table(header, rows)}`),
  ]
}
