import { type AcceptedFindings, endOfAcceptance, isAccepted, isInForce } from '../../../core/acceptance.ts'
import { DAY_MS, type EpochMs } from '../../../core/clock.ts'
import type { PostureCheck } from '../../../core/labels/posture-checks.ts'
import type { Finding } from '../../../decoding/toolkit/posture.ts'
import type { Json } from '../../../service/state/state.ts'
import type { ChangedRow, JsonPersistent, SavedRow } from '../../contracts/persistent.ts'

/** Which findings an operator means. */
export interface FindingPattern extends AcceptedFindings {
  readonly check: PostureCheck
}

/** An operator's decision to live with a finding for some time. */
export interface Acceptance extends FindingPattern {
  readonly who: string
  readonly why: string
  readonly accepted: EpochMs
  readonly until: EpochMs
  /** Where an operator has ended it before. */
  readonly ended?: { readonly who: string; readonly at: EpochMs }
}

/** Acceptances that are kept; what is in force is never given up for a new one. */
export const MAX_ACCEPTANCES = 1_000
/** How long one is listed after its end, as evidence. */
const LISTED_MS = 90 * DAY_MS

/** What operators have accepted, by whom, why and until when; also for some time after the end. */
export class Acceptances implements JsonPersistent {
  readonly key = 'posture-acceptances'
  readonly format = 'json'
  /** From the oldest to the newest. */
  #entries: readonly Acceptance[] = []
  #isChanged = false

  /** Newest first. */
  list(now: EpochMs): readonly Acceptance[] {
    return this.#entries.filter(entry => now - endOfAcceptance(entry) <= LISTED_MS).reverse()
  }

  /** The acceptance in force of a finding. */
  find(gateway: string, finding: Pick<Finding, 'check' | 'target'>, now: EpochMs): Acceptance | undefined {
    return this.#entries.findLast(entry => isInForce(entry, now) && isAccepted(entry, gateway, finding))
  }

  /** When the next one ends; infinite where none is in force. */
  nextEnd(now: EpochMs): EpochMs {
    return Math.min(...this.#entries.filter(entry => isInForce(entry, now)).map(endOfAcceptance))
  }

  /** An earlier one of the same findings ends with it. @returns false where there is no room */
  add(entry: Acceptance): boolean {
    const { accepted: now, who } = entry
    this.end(entry, who, now)
    const kept = this.list(now).toReversed()
    const surplus = kept.length + 1 - MAX_ACCEPTANCES
    const dropped = new Set(kept.filter(one => !isInForce(one, now)).slice(0, Math.max(0, surplus)))
    if (dropped.size < surplus) return false
    this.#replace([...kept.filter(one => !dropped.has(one)), entry])
    return true
  }

  /** @returns how many were in force */
  end(pattern: FindingPattern, who: string, now: EpochMs): number {
    let ended = 0
    const entries = this.#entries.map(entry => {
      if (!isInForce(entry, now) || !areSame(entry, pattern)) return entry
      ended++
      return { ...entry, ended: { who, at: now } }
    })
    if (ended > 0) this.#replace(entries)
    return ended
  }

  changes(): readonly ChangedRow<Json>[] {
    if (!this.#isChanged) return []
    this.#isChanged = false
    return [{ name: '', value: JSON.parse(JSON.stringify(this.#entries)) }]
  }

  restore([row]: readonly SavedRow<Json>[]): void {
    this.#entries = (row?.value ?? []) as unknown as Acceptance[]
  }

  #replace(entries: readonly Acceptance[]): void {
    this.#entries = entries
    this.#isChanged = true
  }
}

const areSame = (one: FindingPattern, other: FindingPattern): boolean =>
  one.check === other.check && one.target === other.target && one.gateway === other.gateway
