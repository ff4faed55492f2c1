import type { Envelope } from './envelope.ts'

/**
 * Filebeat with the parser `ndjson` and its `target: json` (elastic/shippers/filebeat.yml). Its `message` is not opened:
 * a pipeline may have put a part of another program's record there.
 */
export const filebeat: Envelope = {
  name: 'filebeat',
  marks: [{ path: 'agent.type', value: 'filebeat' }, { path: 'input.type' }],
  record: { parsed: 'json' },
  documentation: { writtenBy: 'Filebeat and Elastic Agent that parse lines into `json` (`filebeat.yml`)' },
}
