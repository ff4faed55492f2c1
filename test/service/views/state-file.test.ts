import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { type EpochMs, HOUR_MS, MINUTE_MS } from '../../../core/clock.ts'
import { Fault } from '../../../core/errors.ts'
import { openStateFolder } from '../../../service/state/folder.ts'
import type { StateDatabase } from '../../../service/state/state.ts'
import { openStateView } from '../../../service/views/state-file.ts'
import type { StateView } from '../../../service/views/state-view.ts'
import { databaseFolder } from '../../database-folder.ts'
import { batchOf } from '../../exporter/pipeline/fixtures.ts'
import { capture, openExporterState } from '../../exporter/written-state.ts'
import { transaction } from '../state/transactions.ts'

const { first: FIRST, last: LAST } = capture
const holder = fileURLToPath(new URL('../state/holder.child.ts', import.meta.url))
const minuteOf = (time: EpochMs) => Math.floor(time / MINUTE_MS) * MINUTE_MS

let folder: string
let database: StateDatabase | undefined
beforeEach(() => {
  folder = mkdtempSync(join(databaseFolder(), 'clawtrust-view-'))
})
afterEach(async () => {
  await database?.close()
  database = undefined
  rmSync(folder, { recursive: true, force: true })
})

const path = () => join(folder, 'state.db')

async function exporter() {
  const opened = await openExporterState(folder)
  database = opened.database
  return opened
}

function view<T>(read: (view: StateView) => T): T {
  const opened = openStateView(path())
  try {
    return read(opened)
  } finally {
    opened.close()
  }
}

function failure(read: (view: StateView) => unknown): unknown {
  try {
    return view(read)
  } catch (error) {
    return error
  }
}

const day = { start: minuteOf(FIRST) - HOUR_MS, end: minuteOf(LAST) + HOUR_MS, step: HOUR_MS }

function alter(sql: string): void {
  const opened = new DatabaseSync(path())
  opened.exec(sql)
  opened.close()
}

describe('the view of a state', () => {
  it('gives the counts of minutes that the exporter counted, while it runs', async () => {
    const { engine } = await exporter()
    const counted = await (database as StateDatabase).load()
    const failures = counted.series.filter(({ metric }) => metric === 'clawtrust_auth_failures_total')
    const sums = view(state => state.minutes('auth_failures', day))
    const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0)
    expect(total(sums.map(({ count }) => count))).toBe(total(failures.map(({ value }) => value)))
    expect(total(sums.map(({ count }) => count))).toBeGreaterThan(5)
    expect(new Set(sums.map(({ trustZone }) => trustZone))).toEqual(new Set(failures.map(({ labels }) => labels[1])))
    for (const { start, newest } of sums) expect([true, newest - start < HOUR_MS]).toEqual([newest >= start, true])
    expect(view(state => state.minutes('auth_failures', { ...day, end: day.start + HOUR_MS }))).toEqual([])
    await engine.stop()
  })

  it('knows from when to when the minutes of a signal are complete', async () => {
    const { engine, clock } = await exporter()
    const { from, to } = view(state => state.extent('auth_failures'))
    expect(from).toBeGreaterThanOrEqual(minuteOf(FIRST))
    expect(from).toBeLessThan(LAST)
    expect(to).toBe(minuteOf(clock.time))
    clock.time += HOUR_MS
    engine.pipeline.ingest('log', batchOf([], { watermark: clock.time }))
    await engine.committer.commit()
    expect(view(state => state.extent('auth_failures')).to).toBe(minuteOf(clock.time))
    // A signal that never had an event is complete where every source is read.
    expect(view(state => state.extent('mtls_handshake_failures')).to).toBe(minuteOf(clock.time))
    await engine.stop()
  })

  it('does not call minutes complete that a source holds up', async () => {
    const { engine, clock } = await exporter()
    const { to } = view(state => state.extent('auth_failures'))
    clock.time += HOUR_MS
    await engine.committer.commit()
    expect(view(state => state.extent('auth_failures')).to).toBe(to)
    await engine.stop()
  })

  it('does not call minutes complete that are deleted by now', async () => {
    const { engine } = await exporter()
    const middle = minuteOf((FIRST + LAST) / 2)
    await (database as StateDatabase).prune(middle / 1_000)
    expect(view(state => state.extent('auth_failures')).from).toBeGreaterThanOrEqual(middle)
    await engine.stop()
  })

  it('does not call minutes complete that a backfill has not read yet', async () => {
    const { engine } = await exporter()
    await (database as StateDatabase).commit(transaction({ cursors: [{ source: 'log', key: 'past', value: {} }] }))
    const since = view(state => state.sources())[0]?.since
    expect(view(state => state.extent('auth_failures')).from).toBeGreaterThanOrEqual(since ?? Number.POSITIVE_INFINITY)
    await (database as StateDatabase).commit(transaction({ cursors: [{ source: 'other', key: 'past', value: {} }] }))
    const { from, to } = view(state => state.extent('auth_failures'))
    expect(from).toBe(to)
    await engine.stop()
  })

  it('knows the sources, what they brought, and what was lost', async () => {
    const { engine, clock } = await exporter()
    const losses = [{ name: 'losses/log', value: [minuteOf(LAST) / 1_000, minuteOf(FIRST) / 1_000] }]
    await (database as StateDatabase).commit(transaction({ documents: losses }))
    const [source, ...others] = view(state => state.sources())
    expect(others).toEqual([])
    expect(source).toEqual({
      name: 'log',
      dialects: ['openclaw-file'],
      since: minuteOf(FIRST),
      to: minuteOf(clock.time),
      lastEvent: expect.any(Number),
      losses: [minuteOf(FIRST), minuteOf(LAST)],
    })
    expect(source?.lastEvent).toBeLessThanOrEqual(LAST)
    await engine.stop()
  })

  it('holds one moment, and keeps no commit waiting', async () => {
    const { engine } = await exporter()
    const opened = openStateView(path())
    const before = opened.minutes('auth_failures', day)
    for (let round = 1; round <= 300; round++) {
      const minutes = [{ series: ['gw', 'edge', 'auth_failures'], minute: minuteOf(LAST) / 1_000, count: round }]
      await (database as StateDatabase).commit(transaction({ minutes }))
    }
    expect(opened.minutes('auth_failures', day)).toEqual(before)
    opened.close()
    expect(view(state => state.minutes('auth_failures', day))).toContainEqual(
      expect.objectContaining({ gateway: 'gw', trustZone: 'edge', count: 300 }),
    )
    await engine.stop()
  })

  it('changes no file of an exporter that has ended', async () => {
    const { engine } = await exporter()
    await engine.stop()
    await database?.close()
    database = undefined
    const files = () => readdirSync(folder).map(name => [name, readFileSync(join(folder, name), 'latin1')])
    const before = files()
    view(state => [state.sources(), state.posture(), state.minutes('auth_failures', day)])
    expect(files()).toEqual(before)
  })

  it('says so where the exporter starts and rewrites the file while it is read', async () => {
    const { engine } = await exporter()
    await engine.stop()
    await database?.close()
    const opened = openStateView(path())
    database = (await openStateFolder(folder)).database
    await database.commit(transaction({ documents: [{ name: 'x', value: 1 }] }))
    // Its last connection writes the log into the file.
    await database.close()
    database = undefined
    expect(() => opened.sources()).toThrow('was changed by its service, which started while it was read')
    opened.close()
  })

  it('reads what an exporter left that was killed', async () => {
    const child = spawn(process.execPath, [holder, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(child.stdout, 'data')
    child.kill('SIGKILL')
    await once(child, 'exit')
    const sizes = () => readdirSync(folder).map(name => [name, statSync(join(folder, name)).size])
    const before = sizes()
    expect(view(state => state.sources())).toEqual([])
    expect(sizes()).toEqual(before)
  })

  it('refuses a state of version 1 in a sentence', async () => {
    const { engine } = await exporter()
    await engine.stop()
    await database?.close()
    database = undefined
    alter('PRAGMA user_version = 1')
    expect(String(failure(state => state.sources()))).toContain('it has version 1, and this clawtrust needs version 2')
  })

  it.each([
    ['a count', "UPDATE minutes SET count = 'many'", 'minutes'],
    ['a negative count', 'UPDATE minutes SET count = -1', 'minutes'],
    ['a time', "UPDATE OR REPLACE minutes SET minute = 'never'", 'minutes'],
    ['the labels of a series', "UPDATE minute_series SET labels = '[1]' WHERE id = 1", 'minute_series'],
    ['a series that is gone', 'DELETE FROM minute_series', 'minutes'],
  ])('gives no smaller number where %s is damaged', async (_, sql, table) => {
    const { engine } = await exporter()
    await engine.stop()
    await database?.close()
    database = undefined
    alter(sql)
    const found = failure(state => state.minutes('auth_failures', day))
    expect(found).toBeInstanceOf(Fault)
    expect(String(found)).toContain(`it is damaged (a row of the table ${table} cannot be read)`)
  })
})
