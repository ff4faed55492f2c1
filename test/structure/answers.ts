import fastify from 'fastify'
import { z } from 'zod'
import { HOUR_MS } from '../../core/clock.ts'
import { Posture } from '../../exporter/pipeline/posture/posture.ts'
import type { PipelineView } from '../../exporter/pipeline/view.ts'
import { coverageAnswerSchema } from '../../exporter/web/api/coverage.ts'
import { explainRoutes } from '../../exporter/web/api/explain.ts'
import { feedbackRoutes } from '../../exporter/web/api/feedback.ts'
import { postureRoutes } from '../../exporter/web/api/posture.ts'
import { sourceRoutes } from '../../exporter/web/api/sources.ts'
import { createSeriesStore } from '../../service/series/store.ts'
import { bench, countsOf, live, START } from '../exporter/detection/fixtures.ts'

const MINUTES = 2_920
const BURST = 2_900
const NOW = START * 1_000 + MINUTES * 60_000
const clock = { now: () => NOW, monotonic: () => 0 }
const logger = { info: () => undefined }
const place = { signal: 'auth_failures', trust_zone: 'agent-control' }
const span = { from: new Date(NOW - HOUR_MS).toISOString(), to: new Date(NOW).toISOString() }

/** `findings[].accepted.who`: the fields of an answer, through its lists and objects. */
function fieldsOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap(one => fieldsOf(one, `${path}[]`))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const field = path === '' ? key : `${path}.${key}`
    return [field, ...fieldsOf(inner, field)]
  })
}

/** The same of a JSON schema; what has keys of its own choice, as `setup` has dialects, counts as a list. */
function fieldsOfSchema(
  { properties = {}, items, additionalProperties }: z.core.JSONSchema.BaseSchema,
  path = '',
): string[] {
  const inner = items ?? additionalProperties
  const below = typeof inner === 'object' && !Array.isArray(inner) ? fieldsOfSchema(inner, `${path}[]`) : []
  const own = Object.entries(properties).flatMap(([key, schema]) => {
    const field = path === '' ? key : `${path}.${key}`
    return [field, ...(typeof schema === 'object' ? fieldsOfSchema(schema, field) : [])]
  })
  return [...below, ...own]
}

/** An exporter's routes with something in each list that they answer with. */
function served() {
  const setup = bench()
  live(setup, countsOf(MINUTES, BURST))
  const posture = new Posture({ store: createSeriesStore(), onEvicted: () => undefined })
  const finding = { check: 'gateway.bind_no_auth', target: '', severity: 'critical', summary: 'No auth' } as const
  posture.see(
    { gateway: 'gw-1', trustZone: 'z' },
    { producer: 'openclaw-audit', findings: [finding], facts: {}, time: NOW },
    NOW,
  )
  const advice = { looksLike: 'an access log', advice: 'read it by its dialect' }
  const progress = {
    unrecognised: [{ kind: 'file', name: 'a.log', format: advice }],
    incomplete: [{ kind: 'file', name: 'b.log', lacks: { field: 'time', consequence: 'none', advice: 'none' } }],
  }
  const app = fastify()
  app.decorateRequest('client')
  app.addHook('onRequest', async request => {
    request.client = {}
  })
  explainRoutes({ scoring: () => setup.scoring, clock })(app)
  feedbackRoutes({ scoring: () => setup.scoring, clock, logger })(app)
  postureRoutes({ posture: () => posture, clock, logger })(app)
  const source = { name: 'log', kind: 'file', health: () => ({ up: true }) }
  sourceRoutes({
    sources: () => [source as never],
    view: () => ({ progress: () => progress }) as unknown as Pick<PipelineView, 'progress'>,
  })(app)
  return app
}

const accepted = { check: 'gateway.bind_no_auth', why: 'a lab', for: '1d', who: 'ann' }

/** What is asked of the routes that 0.2.0 had, in this order. */
const requests = [
  ['GET', `/api/v1/explain?${new URLSearchParams(place)}`],
  ['POST', '/api/v1/feedback', { ...place, ...span, verdict: 'fine', note: 'a test', gateway: 'edge-1' }],
  ['GET', '/api/v1/feedback'],
  ['POST', '/api/v1/posture/accept', accepted],
  ['GET', '/api/v1/posture'],
  ['POST', '/api/v1/posture/expire', { check: accepted.check }],
  ['GET', '/api/v1/sources'],
] as const

/** `answer GET /api/v1/sources sources[].up`: each field of the JSON that the API answers with. */
export async function answerFields(): Promise<string[]> {
  const app = served()
  const schema = z.toJSONSchema(coverageAnswerSchema)
  const fields = fieldsOfSchema(schema).map(field => `answer GET /api/v1/coverage ${field}`)
  for (const [method, url, payload] of requests) {
    const answer = await app.inject({ method, url, ...(payload && { payload }) })
    if (answer.statusCode !== 200) throw new Error(`${url}: ${answer.payload}`)
    fields.push(...fieldsOf(answer.json()).map(field => `answer ${method} ${url.split('?')[0]} ${field}`))
  }
  await app.close()
  return [...new Set(fields)]
}
