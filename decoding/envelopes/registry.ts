import { compose, cri, dockerJsonFile } from './containers.ts'
import { defenseclawOtlp } from './defenseclaw-otlp.ts'
import { dmesg } from './dmesg.ts'
import type { Envelope } from './envelope.ts'
import { filebeat } from './filebeat.ts'
import { fluentBit } from './fluent-bit.ts'
import { fluentd } from './fluentd.ts'
import { journald } from './journald.ts'
import type { LineEnvelope } from './line-envelope.ts'
import { logstash } from './logstash.ts'
import { nemoclawGateway, openshellLogs } from './nemoclaw.ts'
import { openclawLogs } from './openclaw-logs.ts'
import { openTelemetryCollector } from './opentelemetry-collector.ts'
import { createSplitLines } from './split-lines.ts'
import { splunkHec } from './splunk-hec.ts'
import { syslog } from './syslog.ts'

/** Every envelope of documents. The first whose marks a document has opens it. */
export const envelopes: readonly Envelope[] = [
  filebeat,
  fluentBit,
  fluentd,
  logstash,
  splunkHec,
  journald,
  ...openTelemetryCollector,
  defenseclawOtlp,
]

/** Every envelope of lines in files. The first whose marks a line has opens it. */
export const lineEnvelopes: readonly LineEnvelope[] = [
  dockerJsonFile,
  journald,
  openclawLogs,
  cri,
  compose,
  nemoclawGateway,
  openshellLogs,
  ...syslog,
  dmesg,
]

/** How lines are put together again that one of these envelopes' writers split. */
export const splitLines = createSplitLines(lineEnvelopes)
