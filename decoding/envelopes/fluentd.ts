import type { Envelope } from './envelope.ts'

/** Fluentd as in elastic/shippers/fluentd.conf, which adds the marks: its own documents have none. */
export const fluentd: Envelope = {
  name: 'fluentd',
  marks: [{ path: 'labels.clawtrust_envelope', value: 'fluentd' }, { path: 'file_path' }],
  record: { raw: 'message' },
  documentation: { writtenBy: 'Fluentd as in `fluentd.conf`' },
}
