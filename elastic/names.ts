/**
 * The names under which OpenClaw's logs lie in Elasticsearch, by the naming scheme of data streams
 * (`type-dataset-namespace`). The namespace is the operator's: one for each environment.
 */
export const names = {
  dataset: 'openclaw.gateway',
  pattern: 'logs-openclaw.gateway-*',
  defaultStream: 'logs-openclaw.gateway-default',
  indexTemplate: 'logs-openclaw.gateway',
  mappings: 'logs-openclaw.gateway@mappings',
  settings: 'logs-openclaw.gateway@settings',
  /** The operator's own: clawtrust never writes it. */
  custom: 'logs-openclaw.gateway@custom',
  pipeline: 'logs-openclaw.gateway@ingested',
  lifecycle: 'logs-openclaw.gateway@lifecycle',
  writerRole: 'openclaw_log_writer',
  readerRole: 'clawtrust_reader',
} as const

/** Marks what clawtrust has put there. */
export const managed = { managed_by: 'clawtrust' } as const
