import type { Envelope, Mark } from './envelope.ts'

/** The receiver names the file in this attribute; a record that an application sent by OTLP has none, and is not opened. */
const FILE_NAME = 'log.file.name'
const observed: Mark = { path: 'observed_timestamp' }
const severity: Mark = { path: 'SeverityNumber' }

/**
 * Lines of files that the OpenTelemetry Collector reads (`filelog`), by the mapping mode of its Elasticsearch exporter.
 * Log records that OpenClaw itself exports are in no envelope: their attributes are at the root.
 */
export const openTelemetryCollector: readonly Envelope[] = [
  {
    name: 'otel-text',
    marks: [observed, { path: `attributes.${FILE_NAME}` }],
    record: { raw: 'body.text' },
    documentation: { writtenBy: 'the OpenTelemetry Collector with `filelog`, mapping mode `otel`' },
  },
  {
    name: 'otel-structured',
    marks: [observed, { path: `attributes.${FILE_NAME}` }],
    record: { parsed: 'body.structured' },
    documentation: {
      writtenBy: 'the OpenTelemetry Collector with `filelog` and `json_parser` into the body, mapping mode `otel`',
    },
  },
  {
    name: 'otel-none',
    marks: [severity, { path: `Attributes.${FILE_NAME}` }],
    record: { raw: 'Body' },
    documentation: { writtenBy: 'the OpenTelemetry Collector with `filelog`, mapping mode `none`' },
  },
  {
    name: 'otel-raw',
    marks: [severity, { path: FILE_NAME }],
    record: { raw: 'Body' },
    documentation: { writtenBy: 'the OpenTelemetry Collector with `filelog`, mapping mode `raw`' },
  },
]
