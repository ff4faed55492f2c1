import { type EpochMs, MINUTE_MS } from '../../../core/clock.ts'
import { scoreSeverities } from '../../../core/score-severity.ts'
import type { SignalName } from '../../../core/signals.ts'
import { Top } from '../../../core/top.ts'
import type { Turns } from '../../../service/event-loop/turns.ts'
import { amount } from '../../../service/page/words.ts'
import type { MinuteKey } from '../../contracts/subscriber.ts'
import type { Episode } from '../../detection/anomaly-episodes.ts'
import { matches } from '../../detection/feedback/feedback-store.ts'
import { anomalyConstants } from '../../detection/model/constants.ts'
import { expectedPartsInWords, expectedPartsOf } from '../../detection/model/series/expected-parts.ts'
import type { Explanation } from '../../detection/model/series/score-result.ts'
import { inWords, usualInWords } from '../../detection/model/series/words.ts'
import type { Scoring } from '../../detection/scoring.ts'
import type { SeriesScoring } from '../../detection/series-scoring.ts'
import type { MinuteView } from '../stats/zone-hour.ts'
import type { EntityView, EpisodeView, FeedbackView, ScoreView, SignalView } from './model.ts'

const SHOWN_EPISODES = 12
const SHOWN_ENTITIES = 2
/** An episode in words costs as much as reading that many series. */
const EPISODE_UNITS = 250
/** The same of a signal's newest minute and its hour. */
const SCORE_UNITS = 100

/** The score of one signal of one trust zone on the page: that of the gateway with the highest score. */
export async function scoresOf(
  scoring: Pick<Scoring, 'of'>,
  trustZone: string,
  signal: SignalName,
  minutes: readonly Pick<MinuteView, 'start'>[],
  turns: Turns,
): Promise<Pick<SignalView, 'score' | 'expected' | 'scoreAfter' | 'isNew' | 'entities'>> {
  const highest = new Top<SeriesScoring>(1, byHighestScore)
  const entities = new Top<EntityView>(SHOWN_ENTITIES, (a, b) => b.score - a.score)
  let wait: number | undefined
  let seriesCount = 0
  let isNew = false
  for (const series of scoring.of(trustZone, signal)) {
    for (const entity of entitiesOf(series)) entities.add(entity)
    isNew ||= series.isNew
    seriesCount += 1
    if (series.latest?.score !== undefined && series.isLive) highest.add(series)
    else wait = Math.max(wait ?? 0, waitOf(series))
    if (turns.spend()) await turns.next()
  }
  const [first] = highest.list()
  if (first === undefined) return { scoreAfter: wait ?? anomalyConstants.count.warmUp }
  const score = scoreView(first)
  if (turns.spend(SCORE_UNITS)) await turns.next()
  return {
    ...(score === undefined ? {} : { score }),
    ...(seriesCount > 1 ? {} : { expected: expectedOf(first, minutes) }),
    ...(wait === undefined ? {} : { scoreAfter: wait }),
    ...(isNew ? { isNew: true as const } : {}),
    ...(entities.list().length === 0 ? {} : { entities: entities.list() }),
  }
}

/** The episodes with the highest scores of the last 15 days, over all series, highest first. */
export async function episodeViews(
  scoring: Scoring,
  now: EpochMs,
  isSynthetic: Synthetic,
  turns: Turns,
): Promise<EpisodeView[]> {
  const feedbackEntries = scoring.feedbackStore.list(now)
  const verdictOf = (key: MinuteKey, { from, to }: Episode) =>
    feedbackEntries.find(({ feedback }) => {
      return matches(feedback, key) && from * 1000 < feedback.to && to * 1000 >= feedback.from
    })?.feedback.verdict
  const highest = new Top<{ key: MinuteKey; episode: Episode }>(SHOWN_EPISODES, (a, b) => {
    return b.episode.peak.raw - a.episode.peak.raw || a.episode.from - b.episode.from
  })
  for (const { key, episodes } of scoring.list()) {
    for (const episode of episodes.list(now / 1000)) highest.add({ key, episode })
    if (turns.spend()) await turns.next()
  }
  const views: EpisodeView[] = []
  for (const { key, episode } of highest.list()) {
    const verdict = verdictOf(key, episode)
    views.push({ ...episodeView(key, episode, isSynthetic), ...(verdict === undefined ? {} : { verdict }) })
    if (turns.spend(EPISODE_UNITS)) await turns.next()
  }
  return views
}

export function feedbackViews(scoring: Scoring, now: EpochMs): FeedbackView[] {
  return scoring.feedbackStore.list(now).map(({ feedback, configured }) => {
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

/** Of a series that has the chart for itself: what is expected of several gateways is not what is expected of one. */
function expectedOf({ trail }: SeriesScoring, minutes: readonly Pick<MinuteView, 'start'>[]): (number | undefined)[] {
  const byMinute = new Map(trail.points().map(({ minute, expected }) => [minute * 1000, expected]))
  return minutes.map(({ start }) => byMinute.get(start))
}

function scoreView(series: SeriesScoring): ScoreView | undefined {
  const { latest, active } = series
  if (latest?.score === undefined) return undefined
  const { score, minuteStart, observed, expected, lower, upper } = latest
  const speaks = score >= scoreSeverities.low || active
  const explanation = series.explain()
  const words = explanation && (speaks ? inWords(explanation) : usualInWords(explanation))
  return {
    gateway: series.key.gateway,
    value: score,
    active,
    suppressed: latest.active && !active,
    minute: minuteStart * 1000,
    observed,
    expected,
    lower,
    upper,
    ...partsOf(explanation),
    ...(words === undefined ? {} : { words }),
  }
}

function partsOf(explanation: Explanation | undefined): Pick<ScoreView, 'parts'> {
  const parts = explanation && expectedPartsInWords(expectedPartsOf(explanation), amount)
  return parts === undefined ? {} : { parts }
}

/** Minutes until the series has a score; 0 where its backfill is being scored. */
function waitOf({ isLive, latest }: SeriesScoring): number {
  const seen = isLive ? (latest?.samplesSeen ?? 0) : anomalyConstants.count.warmUp
  return anomalyConstants.count.warmUp - Math.min(anomalyConstants.count.warmUp, seen)
}

function entitiesOf({ anomalousEntities }: SeriesScoring): EntityView[] {
  return anomalousEntities.map(({ kind, key, score, observed, expected }) => {
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
    ...partsOf(peak),
    words: inWords(peak),
    newest: peak.firstSeen.flatMap(({ newest, surprise }) => (surprise >= 1 ? newest : [])).slice(-SHOWN_ENTITIES),
    trail: trail.map(({ minute, observed, expected, lower, upper }) => {
      return { minute: minute * 1000, observed, expected, lower, upper }
    }),
  }
}

function byHighestScore(a: SeriesScoring, b: SeriesScoring): number {
  return Number(b.active) - Number(a.active) || (b.latest?.score ?? 0) - (a.latest?.score ?? 0)
}
