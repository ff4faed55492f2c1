import type { Envelope } from './envelope.ts'

/**
 * Logstash as in elastic/shippers/logstash.conf, which adds the label: other pipelines of Logstash put a part of a record
 * into `message`.
 */
export const logstash: Envelope = {
  name: 'logstash',
  marks: [{ path: 'labels.clawtrust_envelope', value: 'logstash' }, { path: '@version' }],
  record: { raw: 'message' },
  documentation: { writtenBy: 'Logstash as in `logstash.conf`' },
}
