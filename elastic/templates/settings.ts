import { names } from '../names.ts'

/** Settings that every server knows. */
export const plainSettings = {
  // Set, so that a shard which nobody searches for a while is refreshed all the same: documents are visible in a second.
  refresh_interval: '1s',
  codec: 'best_compression',
} as const

/** The final pipeline runs whatever pipeline the shipper names, so that no document comes in without a time of ingest. */
export const settings = {
  ...plainSettings,
  final_pipeline: names.pipeline,
  lifecycle: { name: names.lifecycle },
} as const
