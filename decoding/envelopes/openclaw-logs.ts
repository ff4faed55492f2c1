import type { JsonLineEnvelope } from './line-envelope.ts'

/** `openclaw logs --json`: a summary of each line of the file log, and the line itself in `raw`. */
export const openclawLogs: JsonLineEnvelope = {
  name: 'openclaw-logs',
  marks: [{ path: 'type', value: 'log' }, { path: 'time' }, { path: 'level' }, { path: 'message' }],
  record: { raw: 'raw' },
  onlyFields: ['type', 'time', 'level', 'subsystem', 'module', 'message', 'activity', 'raw'],
  documentation: { writtenBy: 'the output of `openclaw logs --json`' },
}
