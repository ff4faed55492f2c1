/**
 * A small exporter to be killed: `exporter.child.ts LOG STATE EPOCH`. It writes every set of published values to
 * standard output, one JSON object a line, after its commit. Its clock runs `SPEED` times as fast as the host's.
 */
import { writeSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { compileTrustZones, defaultZoneRules } from '../../../core/trust-zones.ts'
import { openclawFileDialect } from '../../../decoding/dialects/openclaw-log/dialects.ts'
import { logPrefilter } from '../../../decoding/dialects/openclaw-log/prefilter.ts'
import { createDispatcher } from '../../../decoding/dispatch.ts'
import { createCommitter } from '../../../exporter/pipeline/committer.ts'
import { createPipeline } from '../../../exporter/pipeline/pipeline.ts'
import { createFileSource } from '../../../exporter/sources/file/source.ts'
import { createSeriesStore } from '../../../service/series/store.ts'
import { openStateFolder } from '../../../service/state/folder.ts'
import { fastClock } from './fast-clock.ts'

// Who is killed does not come to keep what was compiled.
flushCompileCache()

const [log = '', state = '', epoch = '0'] = process.argv.slice(2)
const clock = fastClock(Number(epoch))
const complain = (message: string) => void writeSync(2, `${message}\n`)
const logger = { info: () => undefined, warn: complain, error: complain }

const { database } = await openStateFolder(state)
const store = createSeriesStore()
const source = createFileSource(
  { name: 'log', paths: [log], startAt: 'beginning', pollInterval: 10 },
  { clock, logger, decodersWanted: logPrefilter },
)
const pipeline = createPipeline({
  clock,
  store,
  dispatcher: createDispatcher([openclawFileDialect]),
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
  offenders: { k: 20, window: 300_000, linger: 900_000 },
})
const committer = createCommitter({ pipeline, store, database, clock, logger, retention: 86_400_000, limit: 2 ** 33 })
const saved = await database.load()
store.restore(saved.series)
pipeline.restore(saved)

void publishForEver()
for await (const batch of source.read({ cursor: pipeline.cursor('log'), signal: new AbortController().signal })) {
  pipeline.ingest('log', batch)
}

async function publishForEver(): Promise<void> {
  for (;;) {
    writeSync(1, `${JSON.stringify(await exposed())}\n`)
    await committer.commit()
    await new Promise(resume => setTimeout(resume, 5))
  }
}

/** Every exposed counter, as a scrape would see it. */
async function exposed(): Promise<Record<string, number>> {
  let text = ''
  for await (const slice of store.render()) text += slice
  const samples = text.split('\n').flatMap(line => {
    const found = /^(\w+_total(?:\{.*\})?) (\S+)$/.exec(line)
    return found?.[1] === undefined || line.startsWith('clawtrust_series')
      ? []
      : [[found[1], Number(found[2])] as const]
  })
  return Object.fromEntries(samples)
}
