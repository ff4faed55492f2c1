import type { HttpServiceOptions } from '../../../service/http/http-service.ts'
import type { Logger } from '../../../service/log/logger.ts'
import { feedbackOf, feedbackSchema } from '../../detection/feedback/feedback.ts'
import { MAX_POSTED } from '../../detection/feedback/feedback-store.ts'
import { parsed, type ScoringRoutesOptions } from './request.ts'

export interface FeedbackRoutesOptions extends ScoringRoutesOptions {
  readonly logger: Pick<Logger, 'info'>
}

/** `GET` and `POST /api/v1/feedback`. */
export function feedbackRoutes(options: FeedbackRoutesOptions): NonNullable<HttpServiceOptions['routes']> {
  const { scoring, clock, logger } = options
  return app => {
    app.get('/api/v1/feedback', (_request, reply) =>
      reply.type('application/json').send(scoring().feedbackStore.list(clock.now())),
    )
    app.post('/api/v1/feedback', (request, reply) => {
      const body = parsed(feedbackSchema, request.body)
      if ('sentence' in body) return reply.code(400).type('application/json').send({ error: body.sentence })
      const feedback = feedbackOf(body.value)
      if (feedback.expires <= clock.now())
        return reply.code(400).type('application/json').send({ error: 'The feedback would already have expired.' })
      const series = scoring().addFeedback(feedback)
      if (series === undefined) {
        return reply
          .code(409)
          .type('application/json')
          .send({ error: `The limit of ${MAX_POSTED} feedback entries is reached; wait until some have expired.` })
      }
      const { signal, trust_zone, gateway, verdict } = feedback
      logger.info('Operator feedback received.', { signal, trust_zone, gateway, verdict, series })
      return reply.type('application/json').send({ series, expires: new Date(feedback.expires).toISOString() })
    })
  }
}
