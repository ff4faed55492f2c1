import { errors } from '@elastic/elasticsearch'
import { describe, expect, it } from '@jest/globals'
import { ClientSession } from '../../../../exporter/sources/elasticsearch/client-session.ts'

function session() {
  const recentIds = { connected: 0, closed: 0, checked: 0 }
  const client = { close: async () => void recentIds.closed++ }
  const made = new ClientSession({
    asked: { index: ['a'], address: 'https://es:9200' },
    connect: async () => {
      recentIds.connected++
      return client as never
    },
    check: async () => void recentIds.checked++,
  })
  return { recentIds, made }
}

const lost = new errors.ConnectionError('connect ECONNREFUSED')
const refused = new errors.ResponseError({ statusCode: 401, body: {}, headers: {}, warnings: null, meta: {} } as never)

describe('the link to a cluster', () => {
  it('keeps its client through a failure and checks before it is used again', async () => {
    const { recentIds, made } = session()
    await made.client()
    await made.client()
    expect(recentIds).toEqual({ connected: 1, closed: 0, checked: 1 })
    await made.failed(lost)
    await made.client()
    expect(recentIds).toEqual({ connected: 1, closed: 0, checked: 2 })
  })

  it('is replaced at once where credentials were refused, so that they are read again', async () => {
    const { recentIds, made } = session()
    await made.client()
    await made.failed(refused)
    await made.client()
    expect(recentIds).toEqual({ connected: 2, closed: 1, checked: 2 })
  })

  it('is replaced after five failures in a row of any kind', async () => {
    const { recentIds, made } = session()
    await made.client()
    for (let failure = 0; failure < 4; failure++) await made.failed(lost)
    expect(recentIds.closed).toBe(0)
    await made.failed(lost)
    expect(recentIds.closed).toBe(1)
  })
})
