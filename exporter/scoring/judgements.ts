import type { EpochMs } from '../../core/clock.ts'
import type { BlobValue } from '../../service/state/state.ts'
import type { Explanation } from '../anomaly/series/score-result.ts'
import type { AnomalyView } from '../anomaly/series/views.ts'
import type { Memory } from '../pipeline/memory.ts'
import type { MinuteKey } from '../pipeline/minute-consumer.ts'
import type { Episode } from './episodes.ts'
import type { Feedback } from './feedback.ts'

/** What the minutes of a span that was fine looked like. */
interface Accepted {
  raw: number
  readonly views: Set<AnomalyView>
}

export interface Judgement {
  readonly feedback: Feedback
  /** True where the configuration says it; false where it was posted. */
  readonly configured: boolean
}

interface Held extends Judgement {
  accepted: Accepted | undefined
}

interface SavedJudgement extends Judgement {
  readonly accepted: { readonly raw: number; readonly views: readonly AnomalyView[] } | null
}

const BLOB = 'anomaly/judgements'
/** Most posted words that are held at a time. */
export const MOST_POSTED = 1_000
/** Contributions to raw from here on count as what a minute was strange for. */
const SPEAKS_FROM = 0.5

/**
 * What operators have said of series and times. A muted series is not active within the span. Of a span that was fine,
 * the surprise is learnt as normal: until the word expires the series is not active for anything of the same views that
 * is no more surprising. Scores themselves are never changed.
 */
export class Judgements implements Memory {
  readonly #held: Held[] = []
  #changed = false

  constructor(configured: readonly Feedback[]) {
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

  /** Forgets posted words that have expired. */
  forget(now: EpochMs): void {
    for (let at = this.#held.length - 1; at >= 0; at--) {
      const held = this.#held[at] as Held
      if (held.configured || held.feedback.expires > now) continue
      this.#held.splice(at, 1)
      this.#changed = true
    }
  }

  concern(key: MinuteKey): boolean {
    return this.#held.some(({ feedback }) => matches(feedback, key))
  }

  /** True where nobody is to be alerted by this minute; learns from minutes of spans that were fine. */
  excuse(key: MinuteKey, explanation: Explanation): boolean {
    const time = explanation.minuteStart * 1000
    let excused = false
    for (const held of this.#held) {
      const { feedback, accepted } = held
      if (!matches(feedback, key)) continue
      if (time >= feedback.from && time < feedback.to) {
        if (feedback.verdict === 'fine') this.#accept(held, explanation)
        excused = true
      } else if (time >= feedback.to && time < feedback.expires && accepted !== undefined) {
        excused ||= explanation.raw <= accepted.raw && speaking(explanation).every(view => accepted.views.has(view))
      }
    }
    return excused
  }

  /** Learns from what a series was strange for before the word was spoken. */
  review(key: MinuteKey, episodes: readonly Episode[]): void {
    for (const held of this.#held) {
      const { feedback } = held
      if (feedback.verdict !== 'fine' || !matches(feedback, key)) continue
      for (const { from, to, peak } of episodes) {
        if (from * 1000 < feedback.to && to * 1000 >= feedback.from) this.#accept(held, peak)
      }
    }
  }

  snapshots(): readonly BlobValue[] {
    if (!this.#changed) return []
    this.#changed = false
    const saved = this.#held.map(({ accepted, ...judgement }): SavedJudgement => {
      return {
        ...judgement,
        accepted: accepted === undefined ? null : { raw: accepted.raw, views: [...accepted.views] },
      }
    })
    return [{ name: BLOB, value: new TextEncoder().encode(JSON.stringify(saved)) }]
  }

  restore(blobs: readonly BlobValue[]): void {
    const blob = blobs.find(({ name }) => name === BLOB)
    if (blob === undefined) return
    for (const saved of JSON.parse(new TextDecoder().decode(blob.value)) as SavedJudgement[]) {
      const known = this.#held.find(({ feedback }) => sameFeedback(feedback, saved.feedback))
      // What the configuration no longer says holds no longer.
      const held = known ?? (saved.configured ? undefined : this.#hold(saved.feedback, false))
      if (held === undefined || saved.accepted === null) continue
      held.accepted = { raw: saved.accepted.raw, views: new Set(saved.accepted.views) }
    }
  }

  #hold(feedback: Feedback, configured: boolean): Held {
    const held: Held = { feedback, configured, accepted: undefined }
    this.#held.push(held)
    return held
  }

  #accept(held: Held, explanation: Explanation): void {
    held.accepted ??= { raw: 0, views: new Set() }
    held.accepted.raw = Math.max(held.accepted.raw, explanation.raw)
    for (const view of speaking(explanation)) held.accepted.views.add(view)
    this.#changed = true
  }
}

export function matches({ signal, trust_zone, gateway }: Feedback, key: MinuteKey): boolean {
  return signal === key.signal && trust_zone === key.trustZone && (gateway === undefined || gateway === key.gateway)
}

function speaking({ contributions }: Explanation): AnomalyView[] {
  const all = Object.entries(contributions) as [AnomalyView, number][]
  return all.filter(([, contribution]) => contribution >= SPEAKS_FROM).map(([view]) => view)
}

function sameFeedback(one: Feedback, other: Feedback): boolean {
  const text = ({ signal, trust_zone, gateway, from, to, verdict, expires, note }: Feedback) =>
    JSON.stringify([signal, trust_zone, gateway, from, to, verdict, expires, note])
  return text(one) === text(other)
}
