import { pipeline, Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import { TEXT_FORMAT_CONTENT_TYPE } from '../series/text-format.ts'

export interface MetricsRouteOptions {
  /** Starts one scrape. */
  readonly exposition: () => AsyncIterable<string>
  /** Maximum number of concurrent scrapes: each keeps a copy of all values. */
  readonly maxScrapes: number
  readonly scrapeRefused: () => void
}

/**
 * Level 1: higher levels add more time to a scrape than they save in size. Each chunk takes a turn of the event loop.
 */
const GZIP = { level: 1, chunkSize: 128 * 1024 }

/** `/metrics`: text format 0.0.4, streamed slice by slice, with gzip if the client accepts it. */
export function registerMetricsRoute(app: FastifyInstance, options: MetricsRouteOptions): void {
  const { exposition, maxScrapes, scrapeRefused } = options
  let underWay = 0
  app.route({
    method: ['GET', 'HEAD'],
    url: '/metrics',
    handler: (request, reply) => {
      const gzip = acceptsGzip(request.headers['accept-encoding'])
      reply.header('Content-Type', TEXT_FORMAT_CONTENT_TYPE).header('Vary', 'Accept-Encoding')
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
      const text = Readable.from(exposition())
      // An error ends both streams; fastify logs it.
      return reply.send(gzip ? pipeline(text, createGzip(GZIP), () => {}) : text)
    },
  })
}

/** True if the header lists gzip (or `*`) with a weight above 0. */
export function acceptsGzip(header: string | string[] | undefined): boolean {
  const weights = new Map(
    String(header ?? '')
      .toLowerCase()
      .split(',')
      .map(entry => {
        const [coding = '', weight = ''] = entry.split(';').map(part => part.trim())
        return [coding, weight.startsWith('q=') ? Number(weight.slice(2)) : 1]
      }),
  )
  return (weights.get('gzip') ?? weights.get('*') ?? 0) > 0
}
