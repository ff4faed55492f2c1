import { describe, expect, it } from '@jest/globals'
import type { Batch, Source } from '../../exporter/contracts/source.ts'
import { type ReaderSink, SourceReader } from '../../exporter/source-reader.ts'
import { createLogger } from '../../service/log/logger.ts'

const batch: Batch = {
  records: [],
  tally: { skipped: 0, undecoded: {}, lostBytes: 0 },
  cursor: [],
  watermark: 0,
  caughtUp: false,
}

/** Waits twice until what it yielded is committed. */
const waitingTwice: Source = {
  name: 'log',
  kind: 'file',
  durable: true,
  async *read({ committed }) {
    yield batch
    await committed?.()
    yield batch
    await committed?.()
  },
  health: () => ({ up: true }),
}

describe('a source that waits for a commit', () => {
  it('is given one at once the first time, when nothing is read yet, and that of the rhythm from then on', async () => {
    const done: string[] = []
    let waiting: (() => void)[] = []
    const rhythm = Promise.withResolvers<void>()
    const commit = (why: string) => {
      done.push(why)
      for (const resolve of waiting.splice(0)) resolve()
    }
    const sink = {
      pipeline: { ingest: () => done.push('batch'), cursor: () => new Map(), isCaughtUp: () => false },
      committer: {
        commit: async () => commit('commit at once'),
        whenWritable: async () => undefined,
        whenCommitted: () => {
          if (done.includes('commit at once')) rhythm.resolve()
          return new Promise<void>(resolve => {
            waiting = [...waiting, resolve]
          })
        },
      },
    }
    const reader = new SourceReader(waitingTwice, createLogger({ destination: { write: () => true } }), () => undefined)
    reader.start(sink as unknown as ReaderSink)
    await rhythm.promise
    expect(done).toEqual(['batch', 'commit at once', 'batch'])
    commit('commit of the rhythm')
    await reader.stop()
    expect(done).toEqual(['batch', 'commit at once', 'batch', 'commit of the rhythm'])
  })
})
