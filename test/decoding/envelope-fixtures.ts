type Document = Readonly<Record<string, unknown>>

/** What a shipper adds of its own: its words must never be taken for the record's. */
const stored = {
  '@timestamp': '2026-11-23T00:00:00.000Z',
  event: { ingested: '2026-11-23T00:00:01.000Z' },
}
const host = { name: 'shipper-host' }
const path = '/tmp/openclaw/openclaw-2026-11-23.log'
const fileName = 'openclaw-2026-11-23.log'

/** What the Collector writes with each record, in its mapping mode `otel`. */
const otel = {
  '@timestamp': '1795392000000.123456',
  observed_timestamp: '1795392000001.0',
  data_stream: { type: 'logs', dataset: 'generic.otel', namespace: 'default' },
  severity_number: 0,
  dropped_attributes_count: 0,
  attributes: { 'log.file.name': fileName },
  resource: { attributes: { 'service.name': 'openclaw-gateway', 'host.name': host.name } },
  scope: {},
}
const otelFlat = { '@timestamp': stored['@timestamp'], SeverityNumber: 0, TraceFlags: 0 }

/**
 * The documents that each envelope's shipper makes of a line, by the name of the envelope. That of Filebeat is as captured
 * (test/fixtures/elasticsearch-shapes), with what the ingest pipeline adds; the others are laid out by the shippers'
 * documentation and source and by the configurations in elastic/shippers/.
 */
export const envelopeFixtures: Readonly<Record<string, (line: string) => Document>> = {
  filebeat: line => ({
    ...stored,
    host,
    agent: {
      ephemeral_id: '8f433715-89b5-4c07-87f9-5407cff07d57',
      hostname: host.name,
      id: 'ad159041-8ba7-4450-8a82-5b383235b0de',
      name: host.name,
      type: 'filebeat',
      version: '7.17.29',
    },
    ecs: { version: '1.12.0' },
    input: { type: 'filestream' },
    log: { file: { path }, offset: 0 },
    json: JSON.parse(line),
  }),
  'fluent-bit': line => ({
    ...stored,
    log: line,
    file_path: path,
    'labels.clawtrust_envelope': 'fluent-bit',
  }),
  fluentd: line => ({ ...stored, message: line, file_path: path, labels: { clawtrust_envelope: 'fluentd' } }),
  logstash: line => ({
    ...stored,
    '@version': '1',
    host,
    event: { ...stored.event, original: line },
    log: { file: { path } },
    message: line,
    labels: { clawtrust_envelope: 'logstash' },
    data_stream: { type: 'logs', dataset: 'openclaw.gateway', namespace: 'default' },
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
    Attributes: { 'log.file.name': fileName },
    Resource: { 'host.name': host.name },
    Body: line,
  }),
  'otel-raw': line => ({ ...otelFlat, 'log.file.name': fileName, 'host.name': host.name, Body: line }),
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

/** The host that these documents name as their origin, where their shipper names one. */
export const SHIPPER_HOST = host.name
