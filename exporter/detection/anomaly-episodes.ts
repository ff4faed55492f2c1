import { scoreSeverities } from '../../core/score-severity.ts'
import { kindOf, largestOf, type SurpriseByKind } from './feedback/kinds.ts'
import type { Explanation, ScoreResult } from './model/series/score-result.ts'
import { RecentScores, type ScorePoint } from './recent-scores.ts'

/** A stretch of time in which a series was active, with the minute of its highest score. */
export interface Episode {
  /** Start of its first and of its last minute with a score of at least low severity, seconds since 1970. */
  readonly from: number
  readonly to: number
  readonly peak: Explanation
  /** The largest surprise of its minutes, by kind. */
  readonly surprises: SurpriseByKind
  /** The two hours that end with the peak. */
  readonly trail: readonly ScorePoint[]
}

/** An episode as it is held: points take ten times as much. */
interface Held extends Omit<Episode, 'trail'> {
  readonly trail: RecentScores
}

const RETENTION_SECONDS = 15 * 86_400
const MAX_EPISODES = 5
/** Most series have none. */
const NONE: readonly Held[] = []

/** The episodes with the highest scores of a series within the last 15 days: at most five, highest first. */
export class AnomalyEpisodes {
  #list: readonly Held[] = NONE
  #open: Held | undefined

  /** @param explanation of the minute, where the series is active */
  step(result: ScoreResult, explanation: Explanation | undefined, trail: RecentScores): void {
    if (explanation === undefined) {
      this.#close(result.minuteStart)
      return
    }
    const open = this.#open
    const to = (result.score ?? 0) >= scoreSeverities.low ? result.minuteStart : (open?.to ?? result.minuteStart)
    const surprises = largestOf(open?.surprises ?? {}, { [kindOf(explanation)]: explanation.raw })
    if (open !== undefined && result.raw <= open.peak.raw) this.#open = { ...open, to, surprises }
    else this.#open = { from: open?.from ?? result.minuteStart, to, surprises, peak: explanation, trail: trail.copy() }
  }

  /** Highest first; the open episode is included. */
  list(now: number): readonly Episode[] {
    const all = this.#open === undefined ? this.#list : [...this.#list, this.#open]
    return highestScored(all, now).map(episodeOf)
  }

  saved(): { readonly list: readonly Episode[]; readonly open: Episode | null } {
    return { list: this.#list.map(episodeOf), open: this.#open === undefined ? null : episodeOf(this.#open) }
  }

  restore({ list, open }: ReturnType<AnomalyEpisodes['saved']>): void {
    this.#list = list.map(heldOf)
    this.#open = open === null ? undefined : heldOf(open)
  }

  #close(now: number): void {
    if (this.#open === undefined) return
    this.#list = highestScored([...this.#list, this.#open], now)
    this.#open = undefined
  }
}

function highestScored(episodes: readonly Held[], now: number): Held[] {
  return episodes
    .filter(({ to }) => to > now - RETENTION_SECONDS)
    .sort((a, b) => b.peak.raw - a.peak.raw || a.from - b.from)
    .slice(0, MAX_EPISODES)
}

function episodeOf(held: Held): Episode {
  const { from, to, peak, surprises } = held
  return {
    from,
    to,
    peak,
    surprises,
    get trail() {
      return held.trail.points()
    },
  }
}

function heldOf({ trail, ...rest }: Episode): Held {
  const held = new RecentScores()
  held.restore(trail)
  return { ...rest, trail: held }
}
