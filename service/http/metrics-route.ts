import { pipeline, Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import { contentTypes, type ExpositionFormat } from '../series/exposition-format.ts'
import { acceptsGzip, negotiateFormat } from './negotiate.ts'

export interface MetricsRouteOptions {
  /** Starts one scrape. */
  readonly exposition: (format: ExpositionFormat) => AsyncIterable<string | Buffer>
  /** Maximum number of concurrent scrapes: each keeps a copy of all values. */
  readonly maxScrapes: number
  readonly scrapeRefused: () => void
}

/**
 * Level 1: higher levels add more time to a scrape than they save in size. Each chunk takes a turn of the event loop.
 */
const GZIP = { level: 1, chunkSize: 128 * 1024 }

/** `/metrics`: in the format that the client prefers, streamed slice by slice, with gzip if the client accepts it. */
export function registerMetricsRoute(app: FastifyInstance, options: MetricsRouteOptions): void {
  const { exposition, maxScrapes, scrapeRefused } = options
  let underWay = 0
  app.route({
    method: ['GET', 'HEAD'],
    url: '/metrics',
    handler: (request, reply) => {
      const gzip = acceptsGzip(request.headers['accept-encoding'])
      const format = negotiateFormat(request.headers.accept)
      reply.header('Content-Type', contentTypes[format]).header('Vary', 'Accept, Accept-Encoding')
      if (gzip) reply.header('Content-Encoding', 'gzip')
      if (request.method === 'HEAD') return reply.send()
      if (underWay >= maxScrapes) {
        scrapeRefused()
        reply.removeHeader('Content-Encoding')
        return reply.code(503).type('text/plain; charset=utf-8').send('Too many scrapes are in progress.\n')
      }
      underWay += 1
      reply.raw.once('close', () => {
        underWay -= 1
      })
      const text = Readable.from(exposition(format))
      // An error ends both streams; fastify logs it.
      return reply.send(gzip ? pipeline(text, createGzip(GZIP), () => {}) : text)
    },
  })
}
