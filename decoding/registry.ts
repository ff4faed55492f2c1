import { defenseclawV7Dialect } from './dialects/defenseclaw/v7.ts'
import { defenseclawV8Dialect } from './dialects/defenseclaw/v8.ts'
import { deviceInventoryDialect } from './dialects/devices/inventory.ts'
import { osqueryDialect } from './dialects/devices/osquery.ts'
import type { Dialect } from './dialects/dialect.ts'
import { ecsDialect } from './dialects/ecs/dialect.ts'
import { nginxAccessDialect } from './dialects/nginx/access-log.ts'
import { nginxErrorDialect } from './dialects/nginx/error-log.ts'
import { openclawConsoleDialect, openclawFileDialect, openclawOtelDialect } from './dialects/openclaw-log/dialects.ts'
import { openclawPlainConsoleDialect } from './dialects/openclaw-log/plain-console.ts'
import { openclawAuditDialect } from './dialects/openclaw-posture/audit.ts'
import { openclawConfigAuditDialect } from './dialects/openclaw-posture/configuration.ts'
import { openclawDoctorDialect } from './dialects/openclaw-posture/doctor.ts'
import { openclawPolicyDialect } from './dialects/openclaw-posture/policy.ts'
import { openclawStatusDialect } from './dialects/openclaw-posture/status.ts'
import { securityEventDialect } from './dialects/openclaw-security-event/dialect.ts'
import { openshellOcsfDialect } from './dialects/openshell/ocsf.ts'
import { openshellShorthandDialect } from './dialects/openshell/shorthand.ts'
import { compose, cri, dockerJsonFile } from './envelopes/containers.ts'
import type { Envelope } from './envelopes/envelope.ts'
import { filebeat } from './envelopes/filebeat.ts'
import { fluentBit } from './envelopes/fluent-bit.ts'
import { fluentd } from './envelopes/fluentd.ts'
import { journald } from './envelopes/journald.ts'
import type { LineEnvelope } from './envelopes/line-envelope.ts'
import { logstash } from './envelopes/logstash.ts'
import { nemoclawGateway, openshellLogs } from './envelopes/nemoclaw.ts'
import { openclawLogs } from './envelopes/openclaw-logs.ts'
import { openTelemetryCollector } from './envelopes/opentelemetry-collector.ts'
import { createSplitLines } from './envelopes/split-lines.ts'
import { splunkHec } from './envelopes/splunk-hec.ts'
import { syslog } from './envelopes/syslog.ts'

/** Every dialect, in the order of recognition. One with a `documentMark` goes before those without. */
export const dialects: readonly Dialect[] = [
  openclawFileDialect,
  // A look at one field says that a record is not of these.
  openshellOcsfDialect,
  defenseclawV8Dialect,
  defenseclawV7Dialect,
  securityEventDialect,
  openclawConsoleDialect,
  openclawOtelDialect,
  openclawPlainConsoleDialect,
  openshellShorthandDialect,
  openclawAuditDialect,
  openclawDoctorDialect,
  openclawPolicyDialect,
  openclawStatusDialect,
  openclawConfigAuditDialect,
  osqueryDialect,
  deviceInventoryDialect,
  nginxAccessDialect,
  nginxErrorDialect,
  ecsDialect,
]

/** Every envelope of documents. The first whose marks a document has opens it. */
export const envelopes: readonly Envelope[] = [
  filebeat,
  fluentBit,
  fluentd,
  logstash,
  splunkHec,
  journald,
  ...openTelemetryCollector,
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
]

/** How lines are put together again that one of these envelopes' writers split. */
export const splitLines = createSplitLines(lineEnvelopes)
