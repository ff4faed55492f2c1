import type { Envelope } from './envelope.ts'
import { filebeat } from './filebeat.ts'
import { fluentBit } from './fluent-bit.ts'
import { fluentd } from './fluentd.ts'
import { journald } from './journald.ts'
import { logstash } from './logstash.ts'
import { openTelemetryCollector } from './opentelemetry-collector.ts'

/** Every envelope. The first whose marks a document has opens it. */
export const envelopes: readonly Envelope[] = [
  filebeat,
  fluentBit,
  fluentd,
  logstash,
  journald,
  ...openTelemetryCollector,
]
