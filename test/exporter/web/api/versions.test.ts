import { describe, expect, it } from '@jest/globals'
import fastify from 'fastify'
import { versionRoutes } from '../../../../exporter/web/api/versions.ts'

const NOON = Date.UTC(2026, 10, 23, 12)

describe('GET /api/v1/versions', () => {
  it('answers with each version and the samples of what it has changed', async () => {
    const app = fastify()
    const known = { since: NOON, minutes: 60, undecodedMinutes: 6 }
    versionRoutes(() => ({
      list: () => [
        {
          gateway: 'gw-1',
          product: 'openclaw',
          versions: [
            { ...known, version: '2026.9.6', isCurrent: false, newTemplates: [], hasMoreUndecoded: false },
            {
              ...known,
              version: '2026.10.1',
              isCurrent: true,
              newTemplates: ['closed conn=<*>'],
              hasMoreUndecoded: true,
            },
          ],
        },
      ],
    }))(app)
    const answer = await app.inject('/api/v1/versions')
    const shared = {
      gateway: 'gw-1',
      product: 'openclaw',
      since: '2026-11-23T12:00:00.000Z',
      minutes: 60,
      undecoded_minutes: 6,
    }
    expect(answer.json()).toEqual({
      versions: [
        { ...shared, version: '2026.9.6', current: false, changed: false, more_undecoded: false, new_templates: [] },
        {
          ...shared,
          version: '2026.10.1',
          current: true,
          changed: true,
          more_undecoded: true,
          new_templates: ['closed conn=<*>'],
        },
      ],
    })
  })
})
