import type { FastifyInstance } from 'fastify'
import { ClawtrustError } from '../../core/errors.ts'
import type { Logger } from '../log/logger.ts'

export interface LifecycleOptions {
  /** Undefined if ready, else the reason in one sentence. */
  readonly notReady: () => string | undefined
  /** Reloads the configuration; rejects with the reason if it is refused and the previous one stays in force. */
  readonly reload: () => Promise<void>
  readonly logger: Logger
}

/** `/-/healthy`, `/-/ready` and `POST /-/reload`, as in Prometheus's own servers. */
export function registerLifecycleRoutes(app: FastifyInstance, { notReady, reload, logger }: LifecycleOptions): void {
  const methods = ['GET', 'HEAD']
  app.route({ method: methods, url: '/-/healthy', handler: (_request, reply) => reply.send('Healthy.\n') })
  app.route({
    method: methods,
    url: '/-/ready',
    handler: (_request, reply) => {
      const sentence = notReady()
      return sentence === undefined ? reply.send('Ready.\n') : reply.code(503).send(`${sentence}\n`)
    },
  })
  app.post('/-/reload', async (_request, reply) => {
    try {
      await reload()
    } catch (error) {
      logger.error('Configuration reload failed; the previous configuration stays in force.', { error })
      const sentence = error instanceof ClawtrustError ? error.message : 'See the log.'
      return reply
        .code(500)
        .send(`Configuration reload failed; the previous configuration stays in force: ${sentence}\n`)
    }
    return reply.send('Configuration reloaded.\n')
  })
}
