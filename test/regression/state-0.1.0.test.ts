import { cp, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from '@jest/globals'
import { openStateFolder } from '../../service/state/folder.ts'
import type { StateDatabase } from '../../service/state/state.ts'
import { databaseFolder } from '../database-folder.ts'
import { batchOf, bench, NOON, recordOf, source, total } from '../exporter/pipeline/fixtures.ts'

const FAILURES = 'clawtrust_auth_failures_total'
const MINUTE = 60_000

/** A copy of the folder for each test: opening a state database changes it. */
async function withState(use: (database: StateDatabase) => Promise<void>) {
  const folder = await mkdtemp(join(databaseFolder(), 'clawtrust-state-'))
  await cp(new URL('./state-0.1.0/state.db', import.meta.url), join(folder, 'state.db'))
  const { database } = await openStateFolder(folder)
  try {
    await use(database)
  } finally {
    await database.close()
    await rm(folder, { recursive: true })
  }
}

async function restored(database: StateDatabase) {
  const parts = bench({ sources: [source('logs')] })
  const saved = await database.load()
  parts.store.restore(saved.series)
  parts.pipeline.restore(saved)
  return parts
}

const pair = (role: 'leading' | 'partner', key: string) => ({ pair: { key, role }, time: NOON - 5_000 })

/**
 * The folder holds, of a source `logs` at noon: two counted connections, two partners that wait (one with 3 events), 12
 * failures of one address a minute before, 40 ids of documents and a success of three days before.
 */
describe('the state folder of 0.1.0', () => {
  it('is kept as it was in a copy beside it, which 0.1.0 can read', async () => {
    const folder = await mkdtemp(join(databaseFolder(), 'clawtrust-state-'))
    await cp(new URL('./state-0.1.0/state.db', import.meta.url), join(folder, 'state.db'))
    await (await openStateFolder(folder)).database.close()
    const contents = (name: string) => {
      const database = new DatabaseSync(join(folder, name), { readOnly: true })
      const version = database.prepare('PRAGMA user_version').get()
      const tables = ['series', 'cursors', 'minute_series', 'minutes', 'documents', 'blobs']
      const rows = tables.map(table => database.prepare(`SELECT * FROM ${table}`).all())
      database.close()
      return { version, rows }
    }
    const kept = contents('state.db.v1-backup')
    expect(kept.version).toEqual({ user_version: 1 })
    expect(contents('state.db')).toEqual({ version: { user_version: 2 }, rows: kept.rows })
    await rm(folder, { recursive: true })
  })

  it('is taken over: no counter falls, counted pairs stay counted and waiting partners are counted once', async () => {
    await withState(async database => {
      const parts = await restored(database)
      const second = [
        recordOf('6', pair('partner', 'counted-1')),
        recordOf('7', pair('leading', 'counted-2')),
        recordOf('8', { ...pair('leading', 'waits-1'), count: 2 }),
      ]
      parts.pipeline.ingest('logs', batchOf(second, { watermark: NOON }))
      expect(total(parts.store, FAILURES)).toBe(16)
      parts.pipeline.ingest('logs', batchOf([], { watermark: NOON + 2 * MINUTE }))
      expect(total(parts.store, FAILURES)).toBe(17)
    })
  })

  it('is written on in the new layout, which a restart finds', async () => {
    await withState(async database => {
      const { pipeline, store } = await restored(database)
      await database.commit({ ...pipeline.changes(), series: store.changes() })
      const { documents } = await database.load()
      expect(documents.filter(({ name }) => name.startsWith('pairs/'))).toEqual([])

      const next = await restored(database)
      const late = recordOf('6', pair('partner', 'counted-1'))
      next.pipeline.ingest('logs', batchOf([late], { watermark: NOON + 30 * MINUTE }))
      next.pipeline.ingest('logs', batchOf([], { watermark: NOON + 40 * MINUTE }))
      expect(total(next.store, FAILURES)).toBe(14 + 3 + 1)
    })
  })

  it('goes on with derived signals: who was known is known, a reported spray is reported once', async () => {
    await withState(async database => {
      const { pipeline, store } = await restored(database)
      const series = store.changes()
      store.publish(series)
      await database.commit({ ...pipeline.changes(), series })
      const names = (await database.load()).documents.map(({ name }) => name.split('/')[0])
      expect(names.filter(name => name === 'sprays' || name?.includes('first-s'))).toEqual([])

      for (const parts of [await restored(database), await restored(database)]) {
        const attempts = Array.from({ length: 12 }, (_, index) =>
          recordOf(`a${index}`, { time: NOON, actor: { identity: `next${index}`, peerAddress: '203.0.113.9' } }),
        )
        const successes = ['198.51.100.7', '198.51.100.8'].map(peerAddress =>
          recordOf(peerAddress, {
            signal: 'auth_successes',
            labels: { mechanism: 'shared_secret' },
            outcome: 'success',
            stream: 'security-event',
            time: NOON,
            actor: { peerAddress },
          }),
        )
        parts.pipeline.ingest('logs', batchOf([...attempts, ...successes], { watermark: NOON }))
        parts.pipeline.ingest('logs', batchOf([], { watermark: NOON + 3 * MINUTE }))
        while (parts.pipeline.closeMinutes());
        const events = parts.pipeline.view.recentEvents()
        expect(events.filter(({ signal }) => signal === 'auth_sprays')).toEqual([])
        const firsts = events.filter(({ signal }) => signal === 'first_seen_successes')
        expect(firsts).toMatchObject([{ actor: { address: '198.51.100.8' } }])
        expect(total(parts.store, 'clawtrust_first_seen_entities_total', 'address')).toBe(1)
        expect(total(parts.store, 'clawtrust_first_seen_entities_total', 'identity')).toBe(12)
      }
    })
  })
})
