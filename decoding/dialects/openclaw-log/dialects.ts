import type { Building } from '../../../core/building.ts'
import type { TraceReference } from '../../../core/event.ts'
import { signalNames } from '../../../core/signals.ts'
import { accessOfSignIn, gatewayReached } from '../../toolkit/access.ts'
import type { Fields } from '../../toolkit/fields.ts'
import { NO_ORIGIN } from '../../toolkit/origin.ts'
import type { PostureFacts } from '../../toolkit/posture.ts'
import type { Claim, Decoding, Origin, Stream, UndecodedReason } from '../../toolkit/record.ts'
import { traceOf, traceOfRecord } from '../../toolkit/trace.ts'
import type { DialectDocumentation, JsonLineDialect } from '../dialect.ts'
import { consoleSetup, diagnosticsSetup, openclawFootprint } from '../openclaw/setup.ts'
import { consoleLayoutFields, isConsoleLayout, readConsoleLayout } from './console-layout.ts'
import { fileDocumentation } from './documentation.ts'
import { fileLayoutFields, isFileLayout, readFileLayout } from './layout.ts'
import { isOtelLayout, otelLayoutFields, readOtelLayout } from './otel-layout.ts'
import { logPrefilter } from './prefilter.ts'
import { createTemplateIndex } from './template-index.ts'
import { templates } from './templates/catalogue.ts'
import { isTruncated, type LogLine } from './templates/log-line.ts'
import type { ClaimDraft } from './templates/template.ts'
import { versionReport } from './version.ts'

const find = createTemplateIndex(templates)

const signals = signalNames.filter(name => templates.some(({ moves }) => moves.includes(name)))

/** OpenClaw's file log: JSON lines with `_meta`. */
export const openclawFileDialect: JsonLineDialect = logDialect({
  name: 'openclaw-file',
  sourceFields: fileLayoutFields,
  documentMark: ['_meta', 'logLevelName'],
  recognises: isFileLayout,
  readLayout: readFileLayout,
  traceIn: fields => traceOf(fields.traceId, fields.spanId),
  stream: 'file-log',
  documentation: fileDocumentation,
})

/** OpenClaw's JSON console (`logging.consoleStyle: json`), which writes the same messages. */
export const openclawConsoleDialect: JsonLineDialect = logDialect({
  name: 'openclaw-console',
  sourceFields: consoleLayoutFields,
  recognises: isConsoleLayout,
  readLayout: readConsoleLayout,
  // No field of this layout names a trace.
  traceIn: () => undefined,
  stream: 'file-log',
  documentation: {
    reads: 'the JSON console (`logging.consoleStyle: json`): flat, level in lower case',
    samples: { kind: 'captured', from: 'OpenClaw 2026.9.6, laid out as its JSON console does' },
    setup: consoleSetup,
    rules: [],
  },
})

/** OpenClaw's log as its plugin `diagnostics-otel` exports it, with or without the messages. */
export const openclawOtelDialect: JsonLineDialect = logDialect({
  name: 'openclaw-otel',
  sourceFields: otelLayoutFields,
  recognises: isOtelLayout,
  readLayout: readOtelLayout,
  traceIn: traceOfRecord,
  stream: 'otel-log',
  documentation: {
    reads:
      'the log as the plugin `diagnostics-otel` exports it: attributes `openclaw.<key>`; without `captureContent` only refused connections are known',
    samples: {
      kind: 'documented',
      from: 'the source of the plugin `diagnostics-otel`, with the lines of OpenClaw 2026.9.6',
    },
    setup: diagnosticsSetup,
    rules: [],
  },
})

interface LogLayout extends Pick<JsonLineDialect, 'name' | 'sourceFields' | 'documentMark' | 'recognises'> {
  readonly readLayout: (fields: Fields) => LogLine | undefined
  readonly traceIn: (fields: Fields) => TraceReference | undefined
  readonly stream: Stream
  readonly documentation: DialectDocumentation
}

function logDialect({ readLayout, traceIn, stream, ...rest }: LogLayout): JsonLineDialect {
  return {
    ...rest,
    format: 'json-line',
    prefilter: logPrefilter,
    signals,
    observer: 'gateway',
    footprint: openclawFootprint,
    decode: fields => {
      const line = readLayout(fields)
      return line === undefined ? { kind: 'undecoded', reason: 'unknown_layout' } : decodeLine(line, stream, traceIn)
    },
    access: (_fields, decoding) => (decoding.kind === 'claim' ? accessAtGateway(decoding.claim) : undefined),
    versions: { product: 'openclaw', report: (fields, decoding) => versionReport(fields, decoding, readLayout) },
  }
}

/** Further lines about the same connection are no further accesses. */
function accessAtGateway(claim: Claim) {
  const reached = claim.pair === undefined || claim.pair.role === 'leading' ? gatewayReached(claim) : undefined
  return reached && accessOfSignIn(claim, reached)
}

function decodeLine(line: LogLine, stream: Stream, traceIn: LogLayout['traceIn']): Decoding {
  const { time } = line
  if (time === undefined) return { kind: 'undecoded', reason: 'bad_time' }
  for (const template of find(line)) {
    if (!line.text.startsWith(template.prefix)) continue
    const reading = template.read(line, line.text.slice(template.prefix.length))
    if (reading === undefined) continue
    if (reading === 'no_signal') return { kind: 'no_signal', time, template: template.id }
    if ('facts' in reading) return facts(line, time, reading.facts)
    if ('lostRecords' in reading) return { kind: 'telemetry_lost', time, records: reading.lostRecords }
    return claim(line, time, reading, stream, traceIn(line.fields))
  }
  return { kind: 'undecoded', time, reason: whyUnread(line) }
}

function whyUnread(line: LogLine): UndecodedReason {
  if (line.withheld) return 'content_withheld'
  return isTruncated(line) ? 'truncated_message' : 'unknown_template'
}

function facts(line: LogLine, time: number, facts: PostureFacts): Decoding {
  return {
    kind: 'posture_snapshot',
    time,
    origin: line.host === undefined ? NO_ORIGIN : { host: line.host },
    snapshot: { producer: 'openclaw-log', findings: [], facts },
  }
}

function claim(line: LogLine, time: number, draft: ClaimDraft, stream: Stream, trace?: TraceReference): Decoding {
  const { signal, labels, outcome, severity, count = 1, actor = {} } = draft
  const origin: Building<Origin> = {}
  if (line.host !== undefined) origin.host = line.host
  if (draft.port !== undefined) origin.port = draft.port
  if (line.subsystem !== '') origin.subsystem = line.subsystem
  const claim: Building<Claim> = { signal, labels, outcome, severity, time, count, stream, origin, actor }
  if (draft.account !== undefined) claim.account = draft.account
  if (draft.pair !== undefined) claim.pair = draft.pair
  if (trace !== undefined) claim.trace = trace
  return { kind: 'claim', time, claim }
}
