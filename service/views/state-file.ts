import type { DatabaseSync } from 'node:sqlite'
import { type EpochMs, SECOND_MS } from '../../core/clock.ts'
import { parseJson } from '../../core/json.ts'
import { versionOf } from '../sqlite/format.ts'
import { SqliteSnapshot } from '../sqlite/snapshot.ts'
import { isTime, MAX_NUMBER } from '../sqlite/sound-number.ts'
import { STATE } from '../state/schema.ts'
import { closedUntil, readPositions } from './minute-positions.ts'
import { readPosture } from './posture-documents.ts'
import { damagedRow, documentsOf, timeOfSeconds } from './state-documents.ts'
import type { MinuteExtent, MinuteSum, MinuteWindow, StateSource, StateView } from './state-view.ts'

/**
 * Opens the state of an exporter, which may run, to read it. A row that is damaged is a fault of what is made from its
 * table: a smaller number would look like a true one.
 *
 * @throws Fault in own words, which names the file
 */
export function openStateView(path: string): StateView {
  const { applicationId, name } = STATE
  const snapshot = new SqliteSnapshot(path, { applicationId, name, version: versionOf(STATE) })
  // A snapshot does not change, and a report asks for many windows.
  let series: readonly (readonly [number, readonly string[]])[] | undefined
  return {
    path,
    extent: signal => snapshot.read(database => extentOf(database, signal)),
    minutes: (signal, window) =>
      snapshot.read(database => {
        series ??= readSeries(database)
        return readMinutes(database, new Map(series.filter(([, labels]) => labels[2] === signal)), window)
      }),
    sources: () => snapshot.read(readSources),
    posture: () => snapshot.read(readPosture),
    close: () => snapshot.close(),
  }
}

/**
 * Pruning deletes all minutes before a time, so that none is missing from the oldest one on, but for those that a backfill
 * has not read yet.
 */
function extentOf(database: DatabaseSync, signal: string): MinuteExtent {
  const oldest = database.prepare('SELECT min(minute) AS minute FROM minutes').get()?.minute
  const to = closedUntil(readPositions(database), signal)
  if (oldest === null || oldest === undefined || to === null) return { from: null, to: null }
  const since = sinceBySource(database)
  const live = backfilling(database).map(source => since.get(source) ?? to)
  return { from: Math.max(timeOfSeconds('minutes', oldest), ...live), to }
}

/** The key of a cursor that is there until the backfill of its source is complete; see exporter/pipeline/backfill.ts. */
const BACKFILL_UNDER_WAY = 'past'

function backfilling(database: DatabaseSync): readonly string[] {
  const rows = database.prepare('SELECT source FROM cursors WHERE key = ?').all(BACKFILL_UNDER_WAY)
  return rows.map(({ source }) => String(source))
}

/** Since when each source is read. */
function sinceBySource(database: DatabaseSync): ReadonlyMap<string, EpochMs> {
  return new Map(documentsOf(database, 'watched/').map(({ name, value }) => [name, timeOfSeconds('documents', value)]))
}

/** Every minute series, by its number. @throws SqliteFault where rows are damaged that no query of a window or series finds */
function readSeries(database: DatabaseSync): readonly (readonly [number, readonly string[]])[] {
  const beyond = database.prepare(`SELECT 1 FROM minutes WHERE minute > ${MAX_NUMBER} LIMIT 1`).get()
  const orphan = database
    .prepare('SELECT 1 FROM (SELECT DISTINCT series FROM minutes) WHERE series NOT IN (SELECT id FROM minute_series)')
    .get()
  if (beyond !== undefined || orphan !== undefined) throw damagedRow('minutes')
  const rows = database.prepare('SELECT id, labels FROM minute_series').all()
  return rows.map(({ id, labels: text }) => {
    const labels = parseJson(String(text))
    if (!Array.isArray(labels) || !labels.every(label => typeof label === 'string')) throw damagedRow('minute_series')
    return [Number(id), labels as readonly string[]] as const
  })
}

/** @param labels of the series that count, by their number */
function readMinutes(
  database: DatabaseSync,
  labels: ReadonlyMap<number, readonly string[]>,
  { start, end, step }: MinuteWindow,
): readonly MinuteSum[] {
  const rows = database
    .prepare(
      `SELECT series, (minute - ?1) / ?3 AS slot, sum(count) AS count, max(minute) AS newest,
         sum(typeof(count) NOT IN ('integer', 'real') OR typeof(minute) <> 'integer' OR count < 0) AS damaged
       FROM minutes WHERE minute >= ?1 AND minute < ?2 AND series IN (SELECT value FROM json_each(?4))
       GROUP BY series, slot ORDER BY series, slot`,
    )
    .all(
      BigInt(start / SECOND_MS),
      BigInt(end / SECOND_MS),
      BigInt(step / SECOND_MS),
      JSON.stringify([...labels.keys()]),
    )
  return rows.flatMap(({ series, slot, count, newest, damaged }) => {
    const [gateway = '', trustZone = ''] = labels.get(Number(series)) ?? []
    if (damaged !== 0) throw damagedRow('minutes')
    if (count === 0) return []
    const from = start + Number(slot) * step
    return [{ gateway, trustZone, start: from, count: Number(count), newest: Number(newest) * SECOND_MS }]
  })
}

function readSources(database: DatabaseSync): readonly StateSource[] {
  const since = sinceBySource(database)
  const losses = new Map(documentsOf(database, 'losses/').map(({ name, value }) => [name, value]))
  const lastEvents = documentsOf(database, 'last-events/').map(({ name, value }) => {
    const key = parseJson(name)
    if (!Array.isArray(key) || !isTime(value)) throw damagedRow('documents')
    return { source: String(key[0]), dialect: String(key[1]), time: value }
  })
  const { series } = readPositions(database)
  const cursors = database.prepare('SELECT DISTINCT source FROM cursors').all()
  const named = [...since.keys(), ...lastEvents.map(one => one.source), ...cursors.map(({ source }) => String(source))]
  return [...new Set(named)].sort().map(name => {
    const events = lastEvents.filter(({ source }) => source === name)
    return {
      name,
      dialects: [...new Set(events.map(({ dialect }) => dialect))].sort(),
      since: since.get(name) ?? null,
      // A source is read at least as far as the furthest series that waits for it.
      to: latest(series.filter(({ sources }) => sources.includes(name)).map(({ next }) => next)),
      lastEvent: latest(events.map(({ time }) => time)),
      losses: lossesIn(losses.get(name)),
    }
  })
}

function lossesIn(value: unknown = []): readonly EpochMs[] {
  if (!Array.isArray(value)) throw damagedRow('documents')
  return value.map(minute => timeOfSeconds('documents', minute)).sort((a, b) => a - b)
}

const latest = (times: readonly EpochMs[]): EpochMs | null => (times.length === 0 ? null : Math.max(...times))
