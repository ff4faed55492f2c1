/**
 * One run of our side: reads the file named on the command line from its beginning to its end with everything on that
 * the exporter has on (decoding, pairing, attribution, minutes, series, state on disk), then prints what it counted.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../core/clock.ts'
import { compileTrustZones, defaultZoneRules } from '../../core/trust-zones.ts'
import { createDispatcher } from '../../exporter/decoders/dispatch.ts'
import { createOpenclawDecoders } from '../../exporter/decoders/openclaw.ts'
import { Committer } from '../../exporter/pipeline/committer.ts'
import { createPipeline } from '../../exporter/pipeline/pipeline.ts'
import { createFileSource } from '../../exporter/sources/file/source.ts'
import { createLogger } from '../../service/log/logger.ts'
import { createSeriesStore } from '../../service/series/store.ts'
import { openStateFolder } from '../../service/state/folder.ts'

const [path = ''] = process.argv.slice(2)
const clock = systemClock
const logger = createLogger({ level: 'warn' })
const folder = await mkdtemp(join(tmpdir(), 'clawtrust-bench-state-'))
const { database } = await openStateFolder(folder, clock.now())
const store = createSeriesStore()
const decoders = createOpenclawDecoders()
const decodersWanted = process.env.BENCH_WANTED === 'none' ? [] : (createDispatcher(decoders).wanted ?? [])
const source = createFileSource({ name: 'log', paths: [path], startAt: 'beginning' }, { clock, logger, decodersWanted })
const pipeline = createPipeline({
  clock,
  store,
  decoders,
  sources: [source],
  zones: compileTrustZones(defaultZoneRules),
  authority: {
    auth_failures: 'file-log',
    auth_successes: 'security-event',
    auth_lockouts: 'file-log',
    posture_drifts: 'file-log',
    policy_decisions: 'file-log',
  },
  trustedProxies: [],
  offenders: { k: 20, window: 900_000, linger: 900_000 },
})
const committer = new Committer({ pipeline, store, database, clock, logger, retention: 15 * 86_400_000 })
committer.start()
const abort = new AbortController()
for await (const batch of source.read({ cursor: new Map(), signal: abort.signal })) {
  pipeline.ingest(source.name, batch)
  if (batch.caughtUp) abort.abort()
}
while (pipeline.closeMinutes()) await new Promise(setImmediate)
await committer.stop()
let text = ''
for await (const slice of store.render()) text += slice
await database.close()
await rm(folder, { recursive: true })
console.log(text)
