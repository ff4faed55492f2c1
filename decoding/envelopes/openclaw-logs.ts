import type { JsonLineEnvelope } from './line-envelope.ts'

/** `openclaw logs --json`: a summary of each line of the file log, and the line itself in `raw`. */
export const openclawLogs: JsonLineEnvelope = {
  name: 'openclaw-logs',
  marks: [{ path: 'type', value: 'log' }, { path: 'time' }],
  record: { raw: 'raw' },
  documentation: { writtenBy: 'the output of `openclaw logs --json`' },
}
