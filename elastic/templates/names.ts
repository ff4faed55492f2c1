/**
 * The names of OpenClaw's logs in Elasticsearch, by the naming scheme of data streams (`type-dataset-namespace`). The
 * operator chooses the namespace: one for each environment.
 */
export const names = {
  dataset: 'openclaw.gateway',
  pattern: 'logs-openclaw.gateway-*',
  defaultStream: 'logs-openclaw.gateway-default',
  indexTemplate: 'logs-openclaw.gateway',
  mappings: 'logs-openclaw.gateway@mappings',
  settings: 'logs-openclaw.gateway@settings',
  /** Belongs to the operator: clawtrust never writes it. */
  custom: 'logs-openclaw.gateway@custom',
  pipeline: 'logs-openclaw.gateway@ingested',
  lifecycle: 'logs-openclaw.gateway@lifecycle',
  writerRole: 'openclaw_log_writer',
  readerRole: 'clawtrust_reader',
  reporterRole: 'clawtrust_reporter',
  /** Documents of delivered compliance reports, and the lease of those who make them. */
  reports: 'clawtrust-reports*',
  lease: 'clawtrust-lease',
  writerUser: 'openclaw_shipper',
  readerUser: 'clawtrust',
} as const

/** Marks what clawtrust has created. */
export const managed = { managed_by: 'clawtrust' } as const
