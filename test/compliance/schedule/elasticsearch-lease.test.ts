import { type Client, errors } from '@elastic/elasticsearch'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { elasticsearchLease } from '../../../compliance/schedule/elasticsearch-lease.ts'
import { LEASE_MS, type LeaseDocument } from '../../../compliance/schedule/lease-document.ts'
import { MINUTE_MS } from '../../../core/clock.ts'
import { createLogger } from '../../../service/log/logger.ts'
import { HandClock } from '../made-reports.ts'

const logger = createLogger({ destination: { write: () => true } })
const MORNING = '2026-12-01T06:00:00Z'
const refusal = (statusCode: number, body = {}) =>
  new errors.ResponseError({ statusCode, body, warnings: null } as never)

/** One document of Elasticsearch, with the versions of its changes. */
class MemoryIndex {
  document: LeaseDocument | undefined
  version = 0
  isDown = false
  /** Its shard cannot be read yet; writes wait for it. */
  isStarting = false
  readonly client = {
    get: async () => {
      this.#refuseIfDown()
      if (this.isStarting) throw refusal(503, { error: { type: 'no_shard_available_action_exception' } })
      if (this.document === undefined) throw refusal(404)
      return { _source: this.document, _seq_no: this.version, _primary_term: 1 }
    },
    index: async ({
      document,
      if_seq_no,
      op_type,
    }: {
      document: LeaseDocument
      if_seq_no?: number
      op_type?: string
    }) => {
      this.#refuseIfDown()
      if (op_type === 'create' ? this.document !== undefined : if_seq_no !== this.version) throw refusal(409)
      this.document = document
      this.version += 1
      return { _seq_no: this.version, _primary_term: 1 }
    },
  } as unknown as Client
  #refuseIfDown(): void {
    if (this.isDown) throw new errors.ConnectionError('connect ECONNREFUSED')
  }
}

describe('a lease in Elasticsearch', () => {
  beforeEach(() => {
    jest.useFakeTimers()
    clock = new HandClock(MORNING)
  })
  afterEach(() => {
    jest.useRealTimers()
  })

  let clock = new HandClock(MORNING)
  /** Lets timers and the clock pass together, minute by minute. */
  async function pass(milliseconds: number): Promise<void> {
    for (let left = milliseconds; left > 0; left -= MINUTE_MS) {
      clock.pass(Math.min(left, MINUTE_MS))
      await jest.advanceTimersByTimeAsync(Math.min(left, MINUTE_MS))
    }
  }

  const acquire = (index: MemoryIndex, holder: string) =>
    elasticsearchLease({
      client: index.client,
      index: 'clawtrust-lease',
      id: 'reports-month',
      holder,
      clock,
      logger,
    })()

  it('is renewed for as long as its work lasts', async () => {
    const index = new MemoryIndex()
    const lease = await acquire(index, 'one')
    await pass(10 * LEASE_MS)
    expect(lease?.signal.aborted).toBe(false)
    expect(await acquire(index, 'two')).toBeUndefined()
    await lease?.release(['2026-11'])
    expect((await acquire(index, 'two'))?.reported).toEqual(['2026-11'])
  })

  it('is had by one where its index is just being made, while the others are refused', async () => {
    const index = new MemoryIndex()
    index.isStarting = true
    expect(await acquire(index, 'one')).toBeDefined()
    expect(await acquire(index, 'two')).toBeUndefined()
    expect(index.document).toMatchObject({ holder: 'one' })
  })

  it('ends before another may have it, where the cluster cannot be reached', async () => {
    const index = new MemoryIndex()
    const lease = await acquire(index, 'one')
    index.isDown = true
    await pass(LEASE_MS)
    expect(lease?.signal.aborted).toBe(true)
    await lease?.release(['2026-11'])
    index.isDown = false
    expect(index.document?.reported).toEqual([])
  })

  it('outlasts an answer that is missing once', async () => {
    const index = new MemoryIndex()
    const lease = await acquire(index, 'one')
    index.isDown = true
    await pass(LEASE_MS / 5 + 1)
    index.isDown = false
    await pass(LEASE_MS)
    expect(lease?.signal.aborted).toBe(false)
    await lease?.release([])
  })

  it('is lost to one who took it over, and is neither renewed nor given up then', async () => {
    const index = new MemoryIndex()
    const lease = await acquire(index, 'one')
    index.document = { holder: 'two', expires: new Date(clock.now() + LEASE_MS).toISOString(), reported: [] }
    index.version += 1
    await pass(LEASE_MS)
    expect(lease?.signal.aborted).toBe(true)
    await lease?.release(['2026-11'])
    expect(index.document).toMatchObject({ holder: 'two', reported: [] })
  })
})
