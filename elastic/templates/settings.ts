import { names } from './names.ts'

/** Settings that every server supports. */
export const plainSettings = {
  // Set explicitly, so that a shard without searches is refreshed too: documents are visible within a second.
  refresh_interval: '1s',
  codec: 'best_compression',
} as const

/** The final pipeline runs after whatever pipeline the shipper names, so that every document has a time of ingest. */
export const settings = {
  ...plainSettings,
  final_pipeline: names.pipeline,
  lifecycle: { name: names.lifecycle },
} as const
