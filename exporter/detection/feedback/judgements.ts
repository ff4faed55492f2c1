import type { Clock, EpochMs } from '../../../core/clock.ts'
import type { BytesPersistent, ChangedRow, SavedRow } from '../../contracts/persistent.ts'
import type { MinuteKey } from '../../contracts/subscriber.ts'
import type { Explanation } from '../model/series/score-result.ts'
import type { Feedback } from './feedback.ts'
import { kindOf, largestOf, type Surprises } from './kinds.ts'

export interface Judgement {
  readonly feedback: Feedback
  /** True where the configuration says it; false where it was posted. */
  readonly configured: boolean
}

interface Held extends Judgement {
  /** Learnt as normal. */
  accepted: Surprises
}

interface SavedJudgement extends Judgement {
  readonly accepted: Surprises
}

/** What is needed of an episode: seconds since 1970, and the largest surprise of each kind. */
type Surprising = { readonly from: number; readonly to: number; readonly surprises: Surprises }

/** Most posted words that are held at a time. */
export const MOST_POSTED = 1_000

/**
 * What operators have said of series and times. A muted series is not active within the span. Of a span that was fine,
 * the surprise is learnt as normal: until the word expires the series is not active for anything of the same kind (too
 * much, too little, somebody new) that is no more surprising. Scores themselves are never changed.
 */
export class Judgements implements BytesPersistent {
  readonly key = 'anomaly/judgements'
  readonly format = 'bytes'
  readonly #clock: Pick<Clock, 'now'>
  readonly #held: Held[] = []
  #changed = false

  constructor(configured: readonly Feedback[], clock: Pick<Clock, 'now'>) {
    this.#clock = clock
    for (const feedback of configured) this.#hold(feedback, true)
  }

  /** @returns false where too many posted words are held */
  add(feedback: Feedback): boolean {
    if (this.#held.filter(({ configured }) => !configured).length >= MOST_POSTED) return false
    this.#hold(feedback, false)
    this.#changed = true
    return true
  }

  /** Those that hold, newest span first. */
  list(now: EpochMs): readonly Judgement[] {
    return this.#held
      .filter(({ feedback }) => feedback.expires > now)
      .sort((a, b) => b.feedback.from - a.feedback.from)
      .map(({ feedback, configured }) => ({ feedback, configured }))
  }

  /** True where nobody is to be alerted by this minute; learns from minutes of spans that were fine. */
  excuse(key: MinuteKey, explanation: Explanation): boolean {
    const time = explanation.minuteStart * 1000
    let excused = false
    for (const held of this.#held) {
      const { feedback, accepted } = held
      if (!matches(feedback, key)) continue
      if (time >= feedback.from && time < feedback.to) {
        if (feedback.verdict === 'fine') this.#accept(held, { [kindOf(explanation)]: explanation.raw })
        excused = true
      } else if (time >= feedback.to && time < feedback.expires) {
        excused ||= explanation.raw <= (accepted[kindOf(explanation)] ?? 0)
      }
    }
    return excused
  }

  /** Learns from what a series was strange for before the word was spoken. */
  review(key: MinuteKey, episodes: readonly Surprising[]): void {
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
    const saved: readonly SavedJudgement[] = this.#held
    return [{ name: '', value: new TextEncoder().encode(JSON.stringify(saved)) }]
  }

  restore([blob]: readonly SavedRow<Uint8Array>[]): void {
    if (blob === undefined) return
    for (const saved of JSON.parse(new TextDecoder().decode(blob.value)) as SavedJudgement[]) {
      const known = this.#held.find(({ feedback }) => sameFeedback(feedback, saved.feedback))
      // What the configuration no longer says holds no longer.
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

  #accept(held: Held, surprises: Surprises): void {
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
