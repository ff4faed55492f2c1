import { managed } from './names.ts'

/** Copies a value from an unindexed object to a searchable field; a document without the value is not changed. */
const copy = (from: string, to: string) => ({
  set: { field: to, copy_from: from, ignore_empty_value: true, ignore_failure: true },
})

/**
 * Sets the time at which Elasticsearch ingested the document, by which clawtrust reads. A shipper's own
 * `event.ingested` is overwritten: a shipper sets it when it reads the line, which may be long before the document can
 * be found.
 */
export const ingestPipeline = {
  description: 'Time of ingest of OpenClaw log lines, and cause and address of refused connections as keywords.',
  processors: [
    { set: { field: 'event.ingested', value: '{{{_ingest.timestamp}}}' } },
    copy('1.cause', 'openclaw_line.cause'),
    copy('1.authReason', 'openclaw_line.auth_reason'),
    copy('1.remoteAddr', 'openclaw_line.remote_address'),
    copy('_meta.logLevelName', 'openclaw_line.level'),
  ],
  _meta: managed,
} as const
