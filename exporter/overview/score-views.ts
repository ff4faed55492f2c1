import { type EpochMs, MINUTE_MS } from '../../core/clock.ts'
import type { SignalName } from '../../core/signals.ts'
import { inWords } from '../anomaly/series/words.ts'
import type { EntityView, EpisodeView, JudgementView, ScoreView, SignalView } from '../page/model.ts'
import type { MinuteKey } from '../pipeline/minute-consumer.ts'
import { type Episode, STANDS_OUT } from '../scoring/episodes.ts'
import { matches } from '../scoring/judgements.ts'
import type { Scoring } from '../scoring/scoring.ts'
import type { SeriesScoring } from '../scoring/series-scoring.ts'

const SHOWN_EPISODES = 12
const SHOWN_ENTITIES = 2
/** Minutes that a series must have learnt before its next one has a score. */
const WARM_UP_MINUTES = 720

/** What the page says of the scores of one signal of one trust zone: of its gateways the strangest. */
export function scoresOf(
  scoring: Pick<Scoring, 'of'>,
  trustZone: string,
  signal: SignalName,
): Pick<SignalView, 'score' | 'scoreAfter' | 'entities'> {
  const all = scoring.of(trustZone, signal)
  const scored = all.filter(series => series.latest?.score !== undefined && series.isLive)
  const strangest = scored.sort(byStrangest)[0]
  const waiting = all.filter(series => !scored.includes(series))
  if (strangest === undefined) return { scoreAfter: waitOf(all) }
  const entities = all.flatMap(entitiesOf).sort((a, b) => b.score - a.score)
  const score = scoreView(strangest)
  return {
    ...(score === undefined ? {} : { score }),
    ...(waiting.length === 0 ? {} : { scoreAfter: waitOf(waiting) }),
    ...(entities.length === 0 ? {} : { entities: entities.slice(0, SHOWN_ENTITIES) }),
  }
}

/** The strangest times of the last 15 days, over all series: strangest first. */
export function episodeViews(scoring: Scoring, now: EpochMs, isSynthetic: Synthetic): EpisodeView[] {
  const words = scoring.judgements.list(now)
  const judged = (key: MinuteKey, { from, to }: Episode) =>
    words.find(({ feedback }) => {
      return matches(feedback, key) && from * 1000 < feedback.to && to * 1000 >= feedback.from
    })?.feedback.verdict
  return scoring
    .list()
    .flatMap(({ key, episodes }) => episodes.list(now / 1000).map(episode => ({ key, episode })))
    .sort((a, b) => b.episode.peak.raw - a.episode.peak.raw || a.episode.from - b.episode.from)
    .slice(0, SHOWN_EPISODES)
    .map(({ key, episode }) => {
      const verdict = judged(key, episode)
      return { ...episodeView(key, episode, isSynthetic), ...(verdict === undefined ? {} : { verdict }) }
    })
}

export function judgementViews(scoring: Scoring, now: EpochMs): JudgementView[] {
  return scoring.judgements.list(now).map(({ feedback, configured }) => {
    const { signal, trust_zone, gateway, from, to, verdict, expires, note } = feedback
    return {
      signal,
      trustZone: trust_zone,
      from,
      to,
      verdict,
      expires,
      configured,
      ...(gateway === undefined ? {} : { gateway }),
      ...(note === undefined ? {} : { note }),
    }
  })
}

type Synthetic = (gateway: string) => boolean

function scoreView(series: SeriesScoring): ScoreView | undefined {
  const { latest, active } = series
  if (latest?.score === undefined) return undefined
  const { score, minuteStart, observed, expected, lower, upper } = latest
  const speaks = score >= STANDS_OUT || active
  const explanation = speaks ? series.explain() : undefined
  return {
    gateway: series.key.gateway,
    value: score,
    active,
    excused: latest.active && !active,
    minute: minuteStart * 1000,
    observed,
    expected,
    lower,
    upper,
    ...(explanation === undefined ? {} : { words: inWords(explanation) }),
  }
}

/** Minutes until the last of these series has a score; 0 where only pasts are being scored. */
function waitOf(all: readonly SeriesScoring[]): number {
  const seen = all.map(series => (series.isLive ? (series.latest?.samplesSeen ?? 0) : WARM_UP_MINUTES))
  return WARM_UP_MINUTES - Math.min(WARM_UP_MINUTES, ...(seen.length === 0 ? [0] : seen))
}

function entitiesOf({ strangeEntities }: SeriesScoring): EntityView[] {
  return strangeEntities.map(({ kind, key, score, observed, expected }) => {
    return { kind, name: key, score, observed, expected }
  })
}

function episodeView(key: MinuteKey, { from, to, peak, trail }: Episode, isSynthetic: Synthetic): EpisodeView {
  return {
    trustZone: key.trustZone,
    signal: key.signal,
    gateway: key.gateway,
    synthetic: isSynthetic(key.gateway),
    from: from * 1000,
    to: to * 1000 + MINUTE_MS,
    peak: peak.minuteStart * 1000,
    score: peak.score ?? 0,
    observed: peak.observed,
    expected: peak.expected,
    lower: peak.lower,
    upper: peak.upper,
    words: inWords(peak),
    newest: peak.firstSeen.flatMap(({ newest, surprise }) => (surprise >= 1 ? newest : [])).slice(-SHOWN_ENTITIES),
    trail: trail.map(({ minute, observed, expected, lower, upper }) => {
      return { minute: minute * 1000, observed, expected, lower, upper }
    }),
  }
}

function byStrangest(a: SeriesScoring, b: SeriesScoring): number {
  return Number(b.active) - Number(a.active) || (b.latest?.score ?? 0) - (a.latest?.score ?? 0)
}
