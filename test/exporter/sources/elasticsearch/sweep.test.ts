import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { sweep } from '../../../../exporter/sources/elasticsearch/sweep.ts'

const window = { after: 0, through: 1_000 }
const hit = { _id: 'a', _index: 'logs', _source: {}, fields: { 'event.ingested': ['500'] }, sort: [0] }

/** A client of a cluster that answers every page of a point in time whole, whatever that was opened over. */
function client({ opened, found, clusters = {} }: { opened: number; found: number; clusters?: object }) {
  const shards = (total: number) => ({ total, failed: 0 })
  return {
    openPointInTime: async () => ({ id: 'pit', _shards: shards(opened) }),
    closePointInTime: async () => ({}),
    search: async ({ pit }: { pit?: object }) => {
      if (pit === undefined) return { timed_out: false, _shards: shards(found), _clusters: clusters }
      const page = JSON.stringify({ timed_out: false, _shards: shards(opened), hits: { hits: [hit] } })
      return Buffer.from(page)
    },
  } as never
}

async function read(index: readonly string[], of: Parameters<typeof client>[0]): Promise<number> {
  const scope = { index, cursorField: 'event.ingested' }
  const options = { scope, fields: [], pageSize: 10, slices: 1, signal: new AbortController().signal }
  let documents = 0
  for await (const hits of sweep(client(of), window, options)) documents += hits.length
  return documents
}

const away = {
  total: 2,
  successful: 1,
  skipped: 1,
  details: { '(local)': { status: 'successful' }, far: { status: 'skipped' } },
}

describe('a sweep over a local index and one of a remote cluster', () => {
  it('is refused where its point in time was opened without the remote cluster, which its pages do not show', async () => {
    const reading = read(['logs', 'far:logs'], { opened: 1, found: 2 })
    await expect(reading).rejects.toThrow('the remote cluster far does not answer')
  })

  it('is refused where the remote cluster is still unavailable', async () => {
    const reading = read(['logs', 'far:logs'], { opened: 1, found: 1, clusters: away })
    await expect(reading).rejects.toThrow('the remote cluster far does not answer')
  })

  it('is read where both are there', async () => {
    expect(await read(['logs', 'far:logs'], { opened: 2, found: 2 })).toBe(1)
  })
})

describe('a sweep whose next page fails while the last one is worked on', () => {
  it('rejects for its reader alone', async () => {
    const unhandled: unknown[] = []
    const onRejection = (reason: unknown) => unhandled.push(reason)
    process.on('unhandledRejection', onRejection)
    let asked = 0
    const failing = {
      ...(client({ opened: 1, found: 1 }) as object),
      search: async () => {
        if (asked++ > 0) throw new Error('the server is gone')
        return Buffer.from(
          JSON.stringify({ timed_out: false, _shards: { total: 1, failed: 0 }, hits: { hits: [hit] } }),
        )
      },
    } as never
    const options = {
      scope: { index: ['logs'], cursorField: 'event.ingested' },
      fields: [],
      pageSize: 1,
      slices: 1,
      signal: new AbortController().signal,
    }
    const reading = (async () => {
      for await (const _ of sweep(failing, window, options)) await pause(20)
    })()
    await expect(reading).rejects.toThrow('the server is gone')
    process.off('unhandledRejection', onRejection)
    expect(unhandled).toEqual([])
  })
})

describe('a page of a sweep', () => {
  it('is given in pieces, so that no page holds the event loop for long', async () => {
    const hits = Array.from({ length: 2_000 }, () => hit)
    const whole = {
      ...(client({ opened: 1, found: 1 }) as object),
      search: async () =>
        Buffer.from(JSON.stringify({ timed_out: false, _shards: { total: 1, failed: 0 }, hits: { hits } })),
    } as never
    const scope = { index: ['logs'], cursorField: 'event.ingested' }
    const options = { scope, fields: [], pageSize: 5_000, slices: 1, signal: new AbortController().signal }
    const pieces: number[] = []
    for await (const piece of sweep(whole, window, options)) pieces.push(piece.length)
    expect(pieces.reduce((sum, length) => sum + length, 0)).toBe(2_000)
    expect(Math.max(...pieces)).toBeLessThanOrEqual(400)
  })
})
