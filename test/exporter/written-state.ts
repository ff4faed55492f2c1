import { readFileSync } from 'node:fs'
import { HOUR_MS } from '../../core/clock.ts'
import { compileTrustZones, defaultZoneRules } from '../../core/trust-zones.ts'
import { exporterSchema } from '../../exporter/config.ts'
import { Engine } from '../../exporter/engine.ts'
import { createLogger } from '../../service/log/logger.ts'
import { openStateFolder } from '../../service/state/folder.ts'
import { batchOf, HandClock } from './pipeline/fixtures.ts'

const log = new URL('../fixtures/openclaw/openclaw-2026.9.6-file-log.real.jsonl', import.meta.url)
const lines = readFileSync(log, 'utf8')
  .split('\n')
  .filter(line => line !== '')
const times = lines.map(line => Date.parse(JSON.parse(line).time))

/** Times of the first and the last line of the captured log. */
export const capture = { first: Math.min(...times), last: Math.max(...times) } as const

/** An exporter that has read the captured log into the state of a folder, up to an hour after its last line. */
export async function openExporterState(folder: string) {
  const { database } = await openStateFolder(folder)
  const clock = new HandClock()
  clock.time = capture.first
  const engine = await Engine.create({
    config: exporterSchema.parse({ sources: [{ type: 'file', name: 'log', paths: ['/var/log/openclaw.log'] }] }),
    zones: compileTrustZones(defaultZoneRules),
    database,
    clock,
    logger: createLogger({ level: 'error' }),
  })
  await engine.restore()
  engine.pipeline.ingest('log', batchOf([], { watermark: capture.first }))
  clock.time = capture.last + HOUR_MS
  const records = lines.map((body, id) => ({ id: String(id), body }))
  engine.pipeline.ingest('log', batchOf(records, { watermark: clock.time }))
  await engine.committer.commit()
  return { engine, clock, database }
}
