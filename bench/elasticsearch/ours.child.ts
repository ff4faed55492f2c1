/** `ours.child.ts URL INDEX SLICES PAGE DOCUMENTS FIRST`: the exporter's whole path from an empty memory: decoding to state. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { systemClock } from '../../core/clock.ts'
import { parseConfig } from '../../core/config/parse.ts'
import { configOrThrow } from '../../core/config/problem.ts'
import { compileTrustZones, defaultZoneRules } from '../../core/trust-zones.ts'
import { exporterSchema } from '../../exporter/config.ts'
import { Engine } from '../../exporter/engine.ts'
import { createLogger } from '../../service/log/logger.ts'
import { openStateFolder } from '../../service/state/folder.ts'
import { beginSide } from './report.ts'

const [url = '', index = '', slices = '1', page = '2000', documents = '0', first = '0'] = process.argv.slice(2)
const source = {
  type: 'elasticsearch',
  name: 'logs',
  index: [index],
  nodes: [url],
  slices: Number(slices),
  page_size: Number(page),
}
const text = JSON.stringify({ sources: [{ ...source, interval: '100ms', lag: '0s', overlap: '0s', horizon: '2h' }] })
const config = configOrThrow(parseConfig(exporterSchema, text, 'bench.yml'))
const folder = mkdtempSync(join(tmpdir(), 'clawtrust-bench-'))
const { database } = await openStateFolder(folder)
// A reader that stood just before the first document when it was last stopped.
const swept = Number(first) - 1
const nothing = { series: [], minutes: [], documents: [], blobs: [] }
const cursors = [{ source: 'logs', key: 'position', value: { began: 0, swept, at: swept } }]
await database.commit({ ...nothing, cursors })
const zones = compileTrustZones(defaultZoneRules)
const logger = createLogger({ level: 'warn' })
const engine = await Engine.create({ config, zones, database, clock: systemClock, logger })
await engine.restore()
const report = beginSide()
engine.start()
const read = () => {
  const { events, undecoded } = engine.pipeline.view.tallies('logs')
  return events + undecoded.reduce((sum, { count }) => sum + count, 0)
}
while (read() < Number(documents)) await pause(10)
report(read())
await engine.stop()
await database.close()
rmSync(folder, { recursive: true, force: true })
