import { randomFillSync } from 'node:crypto'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../core/clock.ts'
import { openStateFolder } from '../../service/state/folder.ts'
import type { Json, MinuteValue } from '../../service/state/state.ts'

const MINUTE = 60
const nothing = { series: [], cursors: [], minutes: [], documents: [], blobs: [] }

/** Where a series of minutes stands, as the state holds it. */
type Row = [trustZone: string, signal: string, first: number, next: number, feeders: string[]]

/**
 * Makes the state of an exporter that has just begun one of an exporter that has run for a day: every series has a day of
 * minutes behind it, from which the scorers are made at the next start, and all ids of the last hour are remembered.
 *
 * @returns number of series that are scored
 */
export async function age(folder: string, source: string, documentsASecond: number): Promise<number> {
  const now = Date.now()
  const { database } = await openStateFolder(folder, now)
  const { documents } = await database.load()
  let series = 0
  for (const { name, value } of documents.filter(one => one.name.startsWith('minutes/'))) {
    const gateway = name.slice('minutes/'.length)
    const minutes: MinuteValue[] = []
    const rows = (value as unknown as Row[]).map(([zone, signal, first, next, feeders]): Row => {
      series++
      const begin = first - DAY_MS / 1000
      for (let minute = begin; minute < first; minute += MINUTE) {
        minutes.push({ series: [gateway, zone, signal], minute, count: 1 + Math.floor(Math.random() * 20) })
      }
      return [zone, signal, begin, next, feeders]
    })
    await database.commit({ ...nothing, minutes, documents: [{ name, value: rows as unknown as Json }] })
  }
  const first = Math.floor((now - HOUR_MS) / MINUTE_MS) + 1
  const cursors = Array.from({ length: HOUR_MS / MINUTE_MS - 2 }, (_, index) => {
    const ids = randomFillSync(Buffer.alloc(8 * 60 * documentsASecond))
    return { source, key: `ids/${first + index}/99`, value: ids.toString('base64') }
  })
  await database.commit({ ...nothing, cursors })
  await database.close()
  return series
}
