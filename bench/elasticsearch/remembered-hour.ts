import { randomFillSync } from 'node:crypto'
import { HOUR_MS, MINUTE_MS } from '../../core/clock.ts'
import { openStateFolder } from '../../service/state/folder.ts'

/** A piece that the exporter has not written. */
const PIECE = 99

/** Fills the state of an exporter that has just begun with the ids of an hour of documents, as one has that runs for long. */
export async function rememberAnHour(folder: string, source: string, documentsASecond: number): Promise<void> {
  const now = Date.now()
  const { database } = await openStateFolder(folder)
  const first = Math.floor((now - HOUR_MS) / MINUTE_MS) + 1
  // The last two minutes are its own.
  const cursors = Array.from({ length: HOUR_MS / MINUTE_MS - 2 }, (_, index) => {
    const ids = randomFillSync(Buffer.alloc(8 * 60 * documentsASecond))
    return { source, key: `ids/${first + index}/${PIECE}`, value: ids.toString('base64') }
  })
  await database.commit({ series: [], minutes: [], documents: [], blobs: [], cursors })
  await database.close()
}
