import { z } from 'zod'
import type { Clock } from '../../core/clock.ts'
import { parseConfig } from '../../core/config/parse.ts'
import { text } from '../../core/config/schema.ts'
import { signalNames } from '../../core/signals.ts'
import type { HttpServiceOptions } from '../../service/http/http-service.ts'
import type { Logger } from '../../service/log/logger.ts'
import { explain } from './explain.ts'
import { feedbackOf, feedbackSchema, moment } from './feedback.ts'
import { MOST_POSTED } from './judgements.ts'
import type { Scoring } from './scoring.ts'

export interface ScoringRoutesOptions {
  /** The one that is running; a reload brings another. */
  readonly scoring: () => Scoring
  readonly clock: Clock
  readonly logger: Pick<Logger, 'info'>
}

const querySchema = z.strictObject({
  signal: z.enum(signalNames),
  trust_zone: text(),
  gateway: text().exactOptional(),
  at: moment().exactOptional(),
})

/** `GET /api/v1/explain`, and `GET` and `POST /api/v1/feedback`, behind the access rules of the service. */
export function scoringRoutes(options: ScoringRoutesOptions): NonNullable<HttpServiceOptions['routes']> {
  const { scoring, clock, logger } = options
  return app => {
    app.get('/api/v1/explain', (request, reply) => {
      const query = parsed(querySchema, request.query)
      if ('sentence' in query) return reply.code(400).type('application/json').send({ error: query.sentence })
      const { signal, trust_zone, ...rest } = query.value
      const explained = explain(scoring(), { signal, trustZone: trust_zone, ...rest }, clock.now())
      if ('refused' in explained) return reply.code(404).type('application/json').send({ error: explained.refused })
      return reply.type('application/json').send(explained.answer)
    })
    app.get('/api/v1/feedback', (_request, reply) =>
      reply.type('application/json').send(scoring().judgements.list(clock.now())),
    )
    app.post('/api/v1/feedback', (request, reply) => {
      const body = parsed(feedbackSchema, request.body)
      if ('sentence' in body) return reply.code(400).type('application/json').send({ error: body.sentence })
      const feedback = feedbackOf(body.value)
      if (feedback.expires <= clock.now())
        return reply.code(400).type('application/json').send({ error: 'The feedback would already have expired.' })
      const series = scoring().judge(feedback)
      if (series === undefined) {
        return reply
          .code(409)
          .type('application/json')
          .send({ error: `The limit of ${MOST_POSTED} feedback entries is reached; wait until some have expired.` })
      }
      const { signal, trust_zone, gateway, verdict } = feedback
      logger.info('Operator feedback received.', { signal, trust_zone, gateway, verdict, series })
      return reply.type('application/json').send({ series, expires: new Date(feedback.expires).toISOString() })
    })
  }
}

type Parsed<T> = { readonly value: T } | { readonly sentence: string }

/** The same sentences as for the configuration file. */
function parsed<S extends z.ZodType>(schema: S, value: unknown): Parsed<z.output<S>> {
  const result = parseConfig(schema, JSON.stringify(value ?? {}), 'request')
  return result.ok ? { value: result.config } : { sentence: result.problems.map(({ sentence }) => sentence).join('; ') }
}
