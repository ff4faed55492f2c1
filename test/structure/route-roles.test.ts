import { expect, it } from '@jest/globals'
import fastify, { type FastifyInstance } from 'fastify'
import { reportRoutes } from '../../compliance/web/routes.ts'
import { coverageRoutes } from '../../exporter/web/api/coverage.ts'
import { eventRoutes } from '../../exporter/web/api/events.ts'
import { explainRoutes } from '../../exporter/web/api/explain.ts'
import { feedbackRoutes } from '../../exporter/web/api/feedback.ts'
import { logRoutes } from '../../exporter/web/api/logs.ts'
import { offenderRoutes } from '../../exporter/web/api/offenders.ts'
import { postureRoutes } from '../../exporter/web/api/posture.ts'
import { runbookRoutes } from '../../exporter/web/api/runbooks.ts'
import { sourceRoutes } from '../../exporter/web/api/sources.ts'
import { versionRoutes } from '../../exporter/web/api/versions.ts'
import { registerWebhook } from '../../remediation/intake/routes.ts'
import { registerApprovals } from '../../remediation/operator/approval-routes.ts'
import { registerOperator } from '../../remediation/operator/routes.ts'
import { registerLifecycleRoutes } from '../../service/http/lifecycle-routes.ts'
import { registerMetricsRoute } from '../../service/http/metrics-route.ts'
import { routeRoles } from '../../service/http/roles.ts'

/** Every registration of the services; while routes are registered, nothing of the options is used. */
const registrations: readonly ((app: FastifyInstance) => void)[] = [
  app => app.get('/', async () => ''),
  app => registerMetricsRoute(app, {} as Parameters<typeof registerMetricsRoute>[1]),
  app => registerLifecycleRoutes(app, {} as Parameters<typeof registerLifecycleRoutes>[1]),
  coverageRoutes(() => ({ isRecorded: false, signals: [], blindSpots: [], setup: [] })),
  eventRoutes({} as Parameters<typeof eventRoutes>[0]),
  explainRoutes({} as Parameters<typeof explainRoutes>[0]),
  feedbackRoutes({} as Parameters<typeof feedbackRoutes>[0]),
  logRoutes({} as Parameters<typeof logRoutes>[0]),
  offenderRoutes(() => []),
  postureRoutes({} as Parameters<typeof postureRoutes>[0]),
  runbookRoutes(async () => undefined),
  sourceRoutes({} as Parameters<typeof sourceRoutes>[0]),
  versionRoutes(() => ({ list: () => [] })),
  app => registerWebhook(app, { maxBody: 1 } as Parameters<typeof registerWebhook>[1]),
  app => registerApprovals(app, {} as Parameters<typeof registerApprovals>[1]),
  app => reportRoutes(app, async () => undefined),
  app => registerOperator(app, {} as Parameters<typeof registerOperator>[1]),
]

it('every route of the services has a role, and the table names no other route', async () => {
  const app = fastify({ exposeHeadRoutes: false })
  const registered = new Set<string>()
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) registered.add(`${one} ${url}`)
  })
  for (const register of registrations) register(app)
  await app.ready()
  await app.close()
  expect([...registered].filter(route => !Object.hasOwn(routeRoles, route))).toEqual([])
  expect(Object.keys(routeRoles).filter(route => !registered.has(route))).toEqual([])
})
