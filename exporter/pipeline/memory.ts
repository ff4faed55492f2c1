import type { BlobValue, SavedBlob } from '../../service/state/state.ts'

/** Something that learns from what the pipeline tells and must survive a restart together with it. */
export interface Memory {
  /** States to save with the next commit; only what has changed since. */
  snapshots(): readonly BlobValue[]
  /** What was saved; before anything is told. */
  restore(blobs: readonly SavedBlob[]): void
}
