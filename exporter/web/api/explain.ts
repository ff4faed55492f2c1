import { z } from 'zod'
import type { EpochMs } from '../../../core/clock.ts'
import { text } from '../../../core/config/schema.ts'
import { type SignalName, signalNames } from '../../../core/signals.ts'
import type { HttpServiceOptions } from '../../../service/http/http-service.ts'
import type { MinuteKey } from '../../contracts/subscriber.ts'
import type { AnomalousEntity } from '../../detection/entities.ts'
import { moment } from '../../detection/feedback/feedback.ts'
import { type ExpectedPart, expectedPartsOf } from '../../detection/model/series/expected-parts.ts'
import type { Explanation } from '../../detection/model/series/score-result.ts'
import { inWords } from '../../detection/model/series/words.ts'
import type { ScorePoint } from '../../detection/recent-scores.ts'
import type { Scoring } from '../../detection/scoring.ts'
import type { SeriesScoring } from '../../detection/series-scoring.ts'
import { minuteOf } from '../../pipeline/minute-series.ts'
import { parsed, type ScoringRoutesOptions } from './request.ts'

/** Which series, and at what time; the newest minute without one. */
export interface ExplainQuery {
  readonly signal: SignalName
  readonly trustZone: string
  /** Without it the gateway with the highest score of the zone. */
  readonly gateway?: string
  readonly at?: EpochMs
}

/** What `/api/v1/explain` answers; times in seconds since 1970. */
export interface ExplainAnswer {
  readonly series: MinuteKey
  /** The scored minute that is explained. */
  readonly minute: number
  readonly samples_seen: number
  /** Null during the warm-up. */
  readonly score: number | null
  readonly active: boolean
  readonly observed: number
  readonly expected: number
  readonly lower: number
  readonly upper: number
  /** `expected` by what brings it; null where only the figures of that minute are kept. */
  readonly expected_parts: Readonly<Record<ExpectedPart, number>> | null
  /** Why it has its score, and what is usual then; null where only the figures of that minute are kept. */
  readonly words: string | null
  readonly explanation: Explanation | null
  /** Minutes before and the minute itself, oldest first. */
  readonly trail: readonly ScorePoint[]
  readonly entities: readonly AnomalousEntity[]
  /** The episodes of the last 15 days with the highest scores. */
  readonly episodes: readonly {
    readonly from: number
    readonly to: number
    readonly score: number
    readonly words: string
  }[]
}

const querySchema = z.strictObject({
  signal: z.enum(signalNames),
  trust_zone: text(),
  gateway: text().exactOptional(),
  at: moment().exactOptional(),
})

/** An answer, or the sentence that says why there is none. */
export type Explained = { readonly answer: ExplainAnswer } | { readonly refused: string }

/** `GET /api/v1/explain`. */
export function explainRoutes({ scoring, clock }: ScoringRoutesOptions): NonNullable<HttpServiceOptions['routes']> {
  return app => {
    app.get('/api/v1/explain', (request, reply) => {
      const query = parsed(querySchema, request.query)
      if ('sentence' in query) return reply.code(400).type('application/json').send({ error: query.sentence })
      const { signal, trust_zone, ...rest } = query.value
      const explained = explain(scoring(), { signal, trustZone: trust_zone, ...rest }, clock.now())
      if ('refused' in explained) return reply.code(404).type('application/json').send({ error: explained.refused })
      return reply.type('application/json').send(explained.answer)
    })
  }
}

/**
 * Why a series had its score at a time, as far as that is kept: two hours of figures, and the minutes with the highest
 * scores of 15 days in full.
 */
export function explain(scoring: Pick<Scoring, 'of'>, query: ExplainQuery, now: EpochMs): Explained {
  const { signal, trustZone, gateway, at } = query
  const all = scoring.of(trustZone, signal).filter(({ key }) => gateway === undefined || key.gateway === gateway)
  const name = `${signal} in ${trustZone}${gateway === undefined ? '' : ` of ${gateway}`}`
  if (all.length === 0) return { refused: `${name} is not a scored series; the page lists the scored series.` }
  const known = all.filter(({ latest }) => latest !== undefined)
  if (known.length === 0) return { refused: `${name} has no scored minute yet; wait for the first one to close.` }
  const answers = known.flatMap(series => answerAt(series, at, now) ?? [])
  const answer = answers.sort((a, b) => (b.score ?? 0) - (a.score ?? 0))[0]
  if (answer !== undefined) return { answer }
  const time = new Date(at ?? now).toISOString()
  return {
    refused: `No data of ${name} at ${time}: only the last two hours and the episodes of 15 days are retained.`,
  }
}

function answerAt(series: SeriesScoring, at: EpochMs | undefined, now: EpochMs): ExplainAnswer | undefined {
  const newest = series.explain()
  const minute = at === undefined ? newest?.minuteStart : minuteOf(at)
  if (minute === undefined) return undefined
  const points = series.trail.points()
  if (newest?.minuteStart === minute) return full(series, newest, series.active, points, now)
  const point = points.find(one => one.minute === minute)
  const episode = series.episodes.list(now / 1000).find(({ from, to }) => minute >= from && minute <= to)
  // The minute of the highest score represents its whole episode.
  if (episode !== undefined && (point === undefined || episode.peak.minuteStart === minute)) {
    return full(series, episode.peak, true, episode.trail, now)
  }
  if (point === undefined) return undefined
  const { score, observed, expected, lower, upper } = point
  const trail = points.filter(one => one.minute <= minute)
  const figures = { score: score ?? null, observed, expected, lower, upper }
  return {
    ...base(series, now),
    ...figures,
    minute,
    active: episode !== undefined,
    expected_parts: null,
    words: null,
    explanation: null,
    trail,
  }
}

function full(
  series: SeriesScoring,
  explanation: Explanation,
  active: boolean,
  trail: readonly ScorePoint[],
  now: EpochMs,
): ExplainAnswer {
  const { minuteStart, score, samplesSeen, observed, expected, lower, upper } = explanation
  return {
    ...base(series, now),
    minute: minuteStart,
    samples_seen: samplesSeen,
    score: score ?? null,
    active,
    observed,
    expected,
    lower,
    upper,
    expected_parts: expectedPartsOf(explanation),
    words: inWords(explanation),
    explanation,
    trail,
  }
}

function base(
  series: SeriesScoring,
  now: EpochMs,
): Pick<ExplainAnswer, 'series' | 'samples_seen' | 'entities' | 'episodes'> {
  return {
    series: series.key,
    samples_seen: series.latest?.samplesSeen ?? 0,
    entities: series.anomalousEntities,
    episodes: series.episodes
      .list(now / 1000)
      .map(({ from, to, peak }) => ({ from, to, score: peak.score ?? 0, words: inWords(peak) })),
  }
}
