import type { Envelope } from './envelope.ts'

/**
 * What DefenseClaw sends to Splunk's HTTP Event Collector, stored as a document. Beside the record `event` holds aliases
 * of some of its fields, which are not read.
 */
export const splunkHec: Envelope = {
  name: 'splunk-hec',
  marks: [{ path: 'sourcetype' }, { path: 'index' }, { path: 'event.record_id' }],
  record: { parsed: 'event.record' },
  documentation: {
    writtenBy: "DefenseClaw's destination `splunk_hec`, where its documents are stored as they are sent",
  },
}
