import type { Envelope } from './envelope.ts'

/**
 * Log records of DefenseClaw by OTLP: the body is the whole record as JSON text, and the attributes, which the program
 * sets, are its id and its bucket. Received by a source of type `otlp`, or in documents of the OpenTelemetry Collector.
 */
export const defenseclawOtlp: Envelope = {
  name: 'defenseclaw-otlp',
  marks: [{ path: 'attributes.defenseclaw.record.id' }, { path: 'attributes.defenseclaw.bucket' }],
  record: { raw: 'body.text' },
  documentation: {
    writtenBy: 'DefenseClaw by OTLP: received, or in documents of the OpenTelemetry Collector in mapping mode `otel`',
  },
}
