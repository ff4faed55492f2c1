import type { Envelope } from './envelope.ts'

/** Fluent Bit as in elastic/shippers/fluent-bit.yaml, which adds the marks: its own documents have none. */
export const fluentBit: Envelope = {
  name: 'fluent-bit',
  marks: [{ path: 'labels.clawtrust_envelope', value: 'fluent-bit' }, { path: 'file_path' }],
  record: { raw: 'log' },
  documentation: { writtenBy: 'Fluent Bit as in `fluent-bit.yaml`' },
}
