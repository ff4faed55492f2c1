import type { SignalName } from '../../../core/signals.ts'
import type { LastEvent } from '../../pipeline/last-events.ts'

/** What is known of one source, by its process or by a look at its files. */
export interface CoveredSource {
  readonly name: string
  /** The only signals that its records can move; absent where they may move any. */
  readonly signals?: readonly SignalName[] | undefined
  readonly up: boolean
  /** Why it is not up. */
  readonly reason?: string
  /** False where no record that was read is in a known format; undefined before anything was read. */
  readonly isRecognised: boolean | undefined
  /** Dialects of its records, with the signals of which their stream is not authoritative. */
  readonly dialects: ReadonlyMap<string, ReadonlySet<SignalName>>
  readonly lastEvents: readonly LastEvent[]
  /** One sentence for each of its inputs that is in an older form of its format, by dialect. */
  readonly incomplete: readonly { readonly dialect: string; readonly sentence: string }[]
}
