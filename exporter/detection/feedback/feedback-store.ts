import type { Clock, EpochMs } from '../../../core/clock.ts'
import type { BytesPersistent, ChangedRow, SavedRow } from '../../contracts/persistent.ts'
import type { MinuteKey } from '../../contracts/subscriber.ts'
import type { Explanation } from '../model/series/score-result.ts'
import type { Feedback } from './feedback.ts'
import { kindOf, largestOf, type SurpriseByKind } from './kinds.ts'

export interface FeedbackEntry {
  readonly feedback: Feedback
  /** True where the configuration says it; false where it was posted. */
  readonly configured: boolean
}

interface Held extends FeedbackEntry {
  /** Learnt as normal. */
  accepted: SurpriseByKind
}

interface SavedFeedback extends FeedbackEntry {
  readonly accepted: SurpriseByKind
}

/** The part of an episode that feedback needs: seconds since 1970, and the largest surprise of each kind. */
type SurprisingEpisode = { readonly from: number; readonly to: number; readonly surprises: SurpriseByKind }

/** Maximum number of posted feedback entries at a time. */
export const MAX_POSTED = 1_000

/**
 * Feedback of operators on series and periods. A muted series is not active within the span. Of a span that was fine,
 * the surprise is learnt as normal: until the feedback expires the series is not active for anything of the same kind
 * (too much, too little, a first-seen entity) that is no more surprising. Scores themselves are never changed.
 */
export class FeedbackStore implements BytesPersistent {
  readonly key = 'anomaly/judgements'
  readonly format = 'bytes'
  readonly #clock: Pick<Clock, 'now'>
  readonly #held: Held[] = []
  #changed = false

  constructor(configured: readonly Feedback[], clock: Pick<Clock, 'now'>) {
    this.#clock = clock
    for (const feedback of configured) this.#hold(feedback, true)
  }

  /** @returns false where the limit of posted entries is reached */
  add(feedback: Feedback): boolean {
    if (this.#held.filter(({ configured }) => !configured).length >= MAX_POSTED) return false
    this.#hold(feedback, false)
    this.#changed = true
    return true
  }

  /** Those that hold, newest span first. */
  list(now: EpochMs): readonly FeedbackEntry[] {
    return this.#held
      .filter(({ feedback }) => feedback.expires > now)
      .sort((a, b) => b.feedback.from - a.feedback.from)
      .map(({ feedback, configured }) => ({ feedback, configured }))
  }

  /** True where this minute must not alert; learns from minutes of spans with the verdict `fine`. */
  suppresses(key: MinuteKey, explanation: Explanation): boolean {
    const time = explanation.minuteStart * 1000
    let suppressed = false
    for (const held of this.#held) {
      const { feedback, accepted } = held
      if (!matches(feedback, key)) continue
      if (time >= feedback.from && time < feedback.to) {
        if (feedback.verdict === 'fine') this.#accept(held, { [kindOf(explanation)]: explanation.raw })
        suppressed = true
      } else if (time >= feedback.to && time < feedback.expires) {
        suppressed ||= explanation.raw <= (accepted[kindOf(explanation)] ?? 0)
      }
    }
    return suppressed
  }

  /** Learns from episodes that lie before the feedback was given. */
  review(key: MinuteKey, episodes: readonly SurprisingEpisode[]): void {
    for (const held of this.#held) {
      const { feedback } = held
      if (feedback.verdict !== 'fine' || !matches(feedback, key)) continue
      for (const { from, to, surprises } of episodes) {
        if (from * 1000 < feedback.to && to * 1000 >= feedback.from) this.#accept(held, surprises)
      }
    }
  }

  /** Posted feedback that has expired is forgotten. */
  changes(): readonly ChangedRow<Uint8Array>[] {
    this.#forgetExpired()
    if (!this.#changed) return []
    this.#changed = false
    const saved: readonly SavedFeedback[] = this.#held
    return [{ name: '', value: new TextEncoder().encode(JSON.stringify(saved)) }]
  }

  restore([blob]: readonly SavedRow<Uint8Array>[]): void {
    if (blob === undefined) return
    for (const saved of JSON.parse(new TextDecoder().decode(blob.value)) as SavedFeedback[]) {
      const known = this.#held.find(({ feedback }) => sameFeedback(feedback, saved.feedback))
      // Feedback that was removed from the configuration is dropped.
      const held = known ?? (saved.configured ? undefined : this.#hold(saved.feedback, false))
      if (held !== undefined) held.accepted = saved.accepted
    }
  }

  #forgetExpired(): void {
    const now = this.#clock.now()
    for (let at = this.#held.length - 1; at >= 0; at--) {
      const held = this.#held[at] as Held
      if (held.configured || held.feedback.expires > now) continue
      this.#held.splice(at, 1)
      this.#changed = true
    }
  }

  #hold(feedback: Feedback, configured: boolean): Held {
    const held: Held = { feedback, configured, accepted: {} }
    this.#held.push(held)
    return held
  }

  #accept(held: Held, surprises: SurpriseByKind): void {
    held.accepted = largestOf(held.accepted, surprises)
    this.#changed = true
  }
}

export function matches({ signal, trust_zone, gateway }: Feedback, key: MinuteKey): boolean {
  return signal === key.signal && trust_zone === key.trustZone && (gateway === undefined || gateway === key.gateway)
}

function sameFeedback(one: Feedback, other: Feedback): boolean {
  const text = ({ signal, trust_zone, gateway, from, to, verdict, expires, note }: Feedback) =>
    JSON.stringify([signal, trust_zone, gateway, from, to, verdict, expires, note])
  return text(one) === text(other)
}
