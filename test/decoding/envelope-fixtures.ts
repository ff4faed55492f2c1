type Document = Readonly<Record<string, unknown>>

/** What a shipper adds of its own: its words must never be taken for the record's. */
const stored = {
  '@timestamp': '2026-11-23T00:00:00.000Z',
  event: { ingested: '2026-11-23T00:00:01.000Z' },
}
const host = { name: 'shipper-host' }
const path = '/tmp/openclaw/openclaw-2026-11-23.log'
const file = { name: 'openclaw-2026-11-23.log', path }

/** What the Collector writes with each record, in its mapping mode `otel`. */
const otel = {
  '@timestamp': '1795392000000.123456',
  observed_timestamp: '1795392000001.0',
  data_stream: { type: 'logs', dataset: 'generic.otel', namespace: 'default' },
  severity_number: 0,
  dropped_attributes_count: 0,
  attributes: { 'log.file.name': file.name },
  resource: { attributes: { 'service.name': 'openclaw-gateway', 'host.name': host.name } },
  scope: {},
}
const otelFlat = { '@timestamp': stored['@timestamp'], SeverityNumber: 0, TraceFlags: 0 }

/**
 * The documents that each envelope's shipper makes of a line, by the name of the envelope: laid out by the shippers'
 * documentation and the configurations in elastic/shippers/, none captured.
 */
export const envelopeFixtures: Readonly<Record<string, (line: string) => Document>> = {
  filebeat: line => ({
    ...stored,
    host,
    agent: { type: 'filebeat', version: '9.1.0', name: host.name },
    ecs: { version: '8.0.0' },
    input: { type: 'filestream' },
    log: { file, offset: 0 },
    message: 'read from a file',
    json: JSON.parse(line),
  }),
  'fluent-bit': line => ({
    ...stored,
    log: line,
    file_path: path,
    'labels.clawtrust_envelope': 'fluent-bit',
    host,
  }),
  fluentd: line => ({ ...stored, host, message: line, file_path: path, labels: { clawtrust_envelope: 'fluentd' } }),
  logstash: line => ({
    ...stored,
    '@version': '1',
    host,
    event: { ...stored.event, original: line },
    log: { file },
    message: line,
    labels: { clawtrust_envelope: 'logstash' },
  }),
  'splunk-hec': line => ({
    ...stored,
    host: host.name,
    index: 'defenseclaw_local',
    source: 'defenseclaw',
    sourcetype: 'defenseclaw:json',
    event: { ...stored.event, record_id: 'rec-1', severity: 'HIGH', action: 'block', record: JSON.parse(line) },
  }),
  journald: line => ({
    ...stored,
    host,
    __CURSOR: 's=1',
    __REALTIME_TIMESTAMP: '1795392000000000',
    _BOOT_ID: '0f5b1e5b8c6b4b7f9d8e7a6c5b4a3f2e',
    _HOSTNAME: 'gw',
    _SYSTEMD_UNIT: 'openclaw-gateway.service',
    PRIORITY: '6',
    MESSAGE: line,
  }),
  'otel-text': line => ({ ...otel, body: { text: line } }),
  'otel-structured': line => ({ ...otel, body: { structured: JSON.parse(line) } }),
  'otel-none': line => ({
    ...otelFlat,
    Attributes: { 'log.file.name': file.name },
    Resource: { 'host.name': host.name },
    Body: line,
  }),
  'otel-raw': line => ({ ...otelFlat, 'log.file.name': file.name, 'host.name': host.name, Body: line }),
  'defenseclaw-otlp': line => ({
    ...otel,
    attributes: {
      'defenseclaw.record.id': '01JD',
      'defenseclaw.bucket': 'guardrail',
      'defenseclaw.signal': 'logs',
      'defenseclaw.event.name': 'guardrail.evaluation.completed',
    },
    body: { text: line },
  }),
}

/** The host that every one of these documents names as its origin. */
export const SHIPPER_HOST = host.name
