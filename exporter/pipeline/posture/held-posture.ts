import type { EpochMs } from '../../../core/clock.ts'
import type { PostureProducer } from '../../../core/labels/posture.ts'
import type { PostureSnapshot } from '../../../decoding/toolkit/posture.ts'

/** Whose posture it is. */
export interface PostureSubject {
  readonly gateway: string
  readonly trustZone: string
}

/** The newest snapshot of a producer. */
export interface HeldSnapshot extends PostureSnapshot {
  readonly time: EpochMs
  /** By a source of type `posture`: a sender of logs, or an agent whose text is in one, cannot have written it. */
  readonly isOwn?: true
}

/** The newest snapshots about a subject, by their producer. */
export interface HeldPosture extends PostureSubject {
  readonly snapshots: ReadonlyMap<PostureProducer, HeldSnapshot>
}
