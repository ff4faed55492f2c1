import type { Dialect } from './dialects/dialect.ts'
import { ecsDialect } from './dialects/ecs/dialect.ts'
import { nginxAccessDialect } from './dialects/nginx/access-log.ts'
import { nginxErrorDialect } from './dialects/nginx/error-log.ts'
import { openclawConsoleDialect, openclawFileDialect, openclawOtelDialect } from './dialects/openclaw-log/dialects.ts'
import { securityEventDialect } from './dialects/openclaw-security-event/dialect.ts'
import type { Envelope } from './envelopes/envelope.ts'
import { filebeat } from './envelopes/filebeat.ts'
import { fluentBit } from './envelopes/fluent-bit.ts'
import { fluentd } from './envelopes/fluentd.ts'
import { journald } from './envelopes/journald.ts'
import { logstash } from './envelopes/logstash.ts'
import { openTelemetryCollector } from './envelopes/opentelemetry-collector.ts'

/** Every dialect, in the order of recognition. One with a `documentMark` goes before those without. */
export const dialects: readonly Dialect[] = [
  openclawFileDialect,
  securityEventDialect,
  openclawConsoleDialect,
  openclawOtelDialect,
  nginxAccessDialect,
  nginxErrorDialect,
  ecsDialect,
]

/** Every envelope. The first whose marks a document has opens it. */
export const envelopes: readonly Envelope[] = [
  filebeat,
  fluentBit,
  fluentd,
  logstash,
  journald,
  ...openTelemetryCollector,
]
