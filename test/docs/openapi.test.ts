import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from '@jest/globals'
import fastify from 'fastify'
import { parse } from 'yaml'
import { registerWebhook } from '../../remediation/intake/routes.ts'
import { registerApprovals } from '../../remediation/operator/approval-routes.ts'
import { registerOperator } from '../../remediation/operator/routes.ts'
import { startRemediation, stopAll } from '../remediation/service.ts'

const file = new URL('../../docs/remediation-openapi.yaml', import.meta.url)
const description = parse(readFileSync(file, 'utf8')) as { paths: Record<string, Record<string, unknown>> }
const operations = Object.entries(description.paths).flatMap(([path, item]) =>
  ['get', 'post', 'put'].filter(method => method in item).map(method => [method.toUpperCase(), path] as const),
)

afterEach(stopAll)

describe('the OpenAPI description', () => {
  it('names the routes that the service has: none is answered as one that is not there', async () => {
    const { url } = await startRemediation()
    for (const [method, path] of operations) {
      const response = await fetch(
        url + path.slice(1).replace('{token}', 'forged').replace('{kind}', 'reset-breaker'),
        { method },
      )
      expect([method, path, await response.text()]).not.toEqual([method, path, 'Not found.\n'])
    }
  })

  it('names every route that remediation registers', async () => {
    const app = fastify()
    const registered: string[] = []
    app.addHook('onRoute', ({ method, url }) => {
      for (const one of [method].flat()) registered.push(`${one} ${url.replace(/:(\w+)/g, '{$1}')}`)
    })
    // Nothing of this is asked for while routes are registered.
    registerWebhook(app, { maxBody: 1 } as Parameters<typeof registerWebhook>[1])
    registerApprovals(app, {} as Parameters<typeof registerApprovals>[1])
    registerOperator(app, {} as Parameters<typeof registerOperator>[1])
    await app.ready()
    await app.close()
    const described = operations.map(([method, path]) => `${method} ${path}`)
    expect(registered.length).toBeGreaterThan(5)
    expect(registered.filter(route => !route.startsWith('HEAD ') && !described.includes(route))).toEqual([])
  })

  it('names every route that a sender or a person needs', () => {
    expect(operations.map(([method, path]) => `${method} ${path}`)).toEqual([
      'POST /alertmanager',
      'POST /grafana',
      'PUT /grafana',
      'GET /approvals/{token}',
      'POST /approvals/{token}',
      'GET /breaker',
      'POST /commands/{kind}',
      'GET /',
      'GET /metrics',
      'GET /-/healthy',
      'GET /-/ready',
      'POST /-/reload',
    ])
  })

  it('refers to nothing that it does not hold', () => {
    const text = readFileSync(file, 'utf8')
    const references = [...text.matchAll(/\$ref: ['"]#\/([^'"]+)['"]/g)].map(([, reference = '']) => reference)
    expect(references.length).toBeGreaterThan(10)
    for (const reference of references) {
      const found = reference.split('/').reduce<unknown>((at, key) => Object(at)[key], description)
      expect([reference, found]).not.toEqual([reference, undefined])
    }
  })
})
