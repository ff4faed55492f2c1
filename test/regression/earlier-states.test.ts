import { cp, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../core/clock.ts'
import { Days } from '../../exporter/web/stats/days.ts'
import type { SeriesStore } from '../../service/series/series.ts'
import { openStateFolder } from '../../service/state/folder.ts'
import { openMemoryState } from '../../service/state/memory.ts'
import type { StateDatabase } from '../../service/state/state.ts'
import { databaseFolder } from '../database-folder.ts'
import { bench as scoringBench } from '../exporter/detection/fixtures.ts'
import { batchOf, bench, Listener, NOON, recordOf, source } from '../exporter/pipeline/fixtures.ts'

const FAILURES = 'clawtrust_auth_failures_total'
const minute = (start: number) => (start - NOON / 1000) / 60

/** The sum of a metric's series, as a scrape would show them after a commit. */
async function shown(store: SeriesStore, metric: string): Promise<number> {
  store.publish(store.changes())
  let text = ''
  for await (const slice of store.render()) text += slice
  const samples = text.split('\n').filter(line => line.startsWith(`${metric}{`) || line.startsWith(`${metric} `))
  return samples.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)
}

/** A copy of the folder: opening a state database changes it. */
async function withState(commit: string, use: (database: StateDatabase) => Promise<void>) {
  const folder = await mkdtemp(join(databaseFolder(), 'clawtrust-state-'))
  await cp(new URL(`./state-${commit}/state.db`, import.meta.url), join(folder, 'state.db'))
  const { database } = await openStateFolder(folder)
  try {
    await use(database)
  } finally {
    await database.close()
    await rm(folder, { recursive: true })
  }
}

/** An exporter's pipeline with all that is saved with it. */
async function restored(database: StateDatabase) {
  const clock = { now: () => NOON, monotonic: () => 0 }
  const { scoring, warnings } = scoringBench({ clock })
  const days = new Days(clock)
  const listener = new Listener()
  const parts = bench({
    sources: [source('logs')],
    subscribers: [listener, days, scoring],
    persistents: [...scoring.persistents, days],
  })
  const saved = await database.load()
  parts.store.restore(saved.series)
  parts.pipeline.restore(saved)
  const commit = async (into: StateDatabase) => {
    while (parts.pipeline.closeMinutes());
    while (scoring.advance());
    const series = parts.store.changes()
    await into.commit({ ...parts.pipeline.changes(), series })
    parts.store.publish(series)
  }
  return { ...parts, listener, scoring, warnings, days, commit }
}

/**
 * Each folder holds, of a source `logs` a second before noon: two hours and more before, a backfill of three failures
 * that is not finished; 12 failed identities of one address at minute -10, a success at -9, two lost records at -8; a
 * connection that is counted and one with 3 events that waits; feedback on the minutes before.
 */
describe.each(['847f698', 'd6808fe'])('the state folder of %s', commit => {
  const successOf = (peerAddress: string) =>
    recordOf(peerAddress, {
      signal: 'auth_successes',
      labels: { mechanism: 'shared_secret' },
      outcome: 'success',
      stream: 'security-event',
      actor: { peerAddress },
    })

  it('is read on from its cursors, and no counter falls', async () => {
    await withState(commit, async database => {
      const { pipeline, store } = await restored(database)
      expect(Object.fromEntries(pipeline.cursor('logs'))).toEqual({ 'live.log': { offset: 42 } })
      expect(Object.fromEntries(pipeline.backfill('logs')?.cursor ?? [])).toEqual({ 'old.log': { offset: 7 } })
      expect(await shown(store, FAILURES)).toBe(13)
      expect(await shown(store, 'clawtrust_telemetry_lost_total')).toBe(2)
    })
  })

  it('counts the second line of a counted connection not again, and a waiting one once', async () => {
    await withState(commit, async database => {
      const { pipeline, store } = await restored(database)
      const pair = (role: 'leading' | 'partner', key: string) => ({ pair: { key, role }, time: NOON - 2_000 })
      pipeline.ingest('logs', batchOf([recordOf('3', pair('partner', 'counted'))]))
      expect(await shown(store, FAILURES)).toBe(13)
      pipeline.ingest('logs', batchOf([], { watermark: NOON + 2 * MINUTE_MS }))
      expect(await shown(store, FAILURES)).toBe(16)
    })
  })

  it('goes on with the backfill, and emits all minutes with those counted before', async () => {
    await withState(commit, async database => {
      const { pipeline, listener } = await restored(database)
      pipeline.backfill('logs')?.add(batchOf([recordOf('h4', { time: NOON - 100 * MINUTE_MS })]))
      pipeline.backfill('logs')?.finish()
      const last = listener.told.findLast(({ key }) => key.signal === 'auth_failures')
      expect(minute(last?.first ?? 0)).toBe(-180)
      expect([...(last?.counts ?? [])].map(([start, count]) => [minute(start), count]).toSorted(byMinute)).toEqual([
        [-180, 2],
        [-150, 1],
        [-100, 1],
        [-10, 12],
      ])
      expect([...(last?.partial ?? [])].map(minute)).toEqual([-8])
    })
  })

  it('keeps who is known, and reports a reported spray once', async () => {
    await withState(commit, async database => {
      const { pipeline, store } = await restored(database)
      const again = Array.from({ length: 12 }, (_, index) =>
        recordOf(`a${index}`, { actor: { identity: `name-${index}`, peerAddress: '203.0.113.9' } }),
      )
      pipeline.ingest('logs', batchOf([...again, successOf('198.51.100.7'), successOf('198.51.100.8')]))
      pipeline.ingest('logs', batchOf([], { watermark: NOON + 3 * MINUTE_MS }))
      while (pipeline.closeMinutes());
      expect(await shown(store, 'clawtrust_auth_sprays_total')).toBe(1)
      // The gateway is too young for first-seen entities: it is known since the backfill, three hours.
      expect(await shown(store, 'clawtrust_first_seen_entities_total')).toBe(0)
    })
  })

  it('keeps the days and the feedback, and rebuilds the scores of an earlier model from the kept minutes', async () => {
    await withState(commit, async database => {
      const { days, scoring, warnings, commit: commitTo } = await restored(database)
      const [day, ...others] = days.view(NOON).days
      expect([day, others]).toEqual([NOON - 12 * HOUR_MS, []])
      expect(
        days
          .view(NOON)
          .rows.map(({ signal, days: [reasons = []] }) => [signal, reasons])
          .toSorted(),
      ).toEqual([
        ['auth_failures', [{ name: 'token_mismatch', count: 16 }]],
        ['auth_sprays', [{ name: '', count: 1 }]],
        ['auth_successes', [{ name: 'shared_secret', count: 1 }]],
      ])
      const [judgement] = scoring.feedbackStore.list(NOON)
      expect(judgement).toMatchObject({ configured: false, feedback: { note: 'a drill', expires: NOON + 30 * DAY_MS } })
      await commitTo(database)
      expect(warnings).toEqual([expect.stringMatching(/rebuilt from the retained minute series/)])
      expect(scoring.list().every(series => series.isLive)).toBe(true)
      const failures = scoring.list().find(({ key }) => key.signal === 'auth_failures')
      // Of the minutes from -10 on, one was observed in part and the newest is open.
      expect(failures?.explain()?.samplesSeen).toBe(8)
    })
  })

  it('gives the same again after it was written on in the present layout', async () => {
    await withState(commit, async database => {
      const first = await restored(database)
      await first.commit(database)
      const saved = await database.load()
      const copy = openMemoryState()
      const { minutes, ...rest } = saved
      const values = minutes.flatMap(({ series, starts, counts }) =>
        Array.from(starts, (start, index) => ({ series, minute: start, count: counts[index] ?? 0 })),
      )
      await copy.commit({ ...rest, minutes: values })
      const second = await restored(copy)
      expect(second.days.view(NOON)).toEqual(first.days.view(NOON))
      expect(second.scoring.feedbackStore.list(NOON)).toEqual(first.scoring.feedbackStore.list(NOON))
      expect(Object.fromEntries(second.pipeline.backfill('logs')?.cursor ?? [])).toEqual({ 'old.log': { offset: 7 } })
      second.pipeline.ingest('logs', batchOf([], { watermark: NOON + 2 * MINUTE_MS }))
      expect(await shown(second.store, FAILURES)).toBe(16)
      const beginsIn = ({ name }: { readonly name: string }) => name.split('/')[0]
      const earlier = ['sprays', 'first-success', 'first-seen-address', 'beginning of first-success']
      expect(saved.documents.map(beginsIn).filter(name => earlier.includes(name ?? ''))).toEqual([])
    })
  })
})

const byMinute = ([a = 0]: readonly number[], [b = 0]: readonly number[]) => a - b
