import { setImmediate as breathe } from 'node:timers/promises'
import { readCandidates } from '../../../cli/candidate-policies.ts'
import type { Config } from '../../../cli/config-schema.ts'
import type { EpochMs } from '../../../core/clock.ts'
import { zoneRules } from '../../../core/config/trust-zones.ts'
import { compileTrustZones } from '../../../core/trust-zones.ts'
import { Engine } from '../../../exporter/engine.ts'
import { createLogger } from '../../../service/log/logger.ts'
import { openMemoryState } from '../../../service/state/memory.ts'

/** The exporter's own engine on the bundled recordings, its time moved on by hand. */
export interface SteppedEngine {
  /** Everything up to this time is read, scored and published on return. */
  advanceTo(time: EpochMs): Promise<void>
  /** What a scrape would give now: lines of the text format, without comments. */
  scrape(): Promise<readonly string[]>
  stop(): Promise<void>
}

/**
 * Begins at a time with the demo's 15 days before it as history, already scored on return.
 *
 * @param config its sources are recordings, one of them with a history
 */
export async function startSteppedEngine(
  { exporter, trust_zones, policy }: Config,
  start: EpochMs,
): Promise<SteppedEngine> {
  let now = start
  const sleeping: (() => void)[] = []
  const history = Promise.withResolvers<void>()
  const engine = await Engine.create({
    config: exporter,
    zones: compileTrustZones(zoneRules(trust_zones)),
    candidates: await readCandidates(policy),
    database: openMemoryState(),
    clock: { now: () => now, monotonic: () => performance.now() },
    logger: createLogger({ level: 'warn' }),
    progress: (_source, share) => share === 1 && history.resolve(),
    sleep: (_milliseconds, signal) =>
      new Promise(resolve => {
        sleeping.push(resolve)
        signal.addEventListener('abort', () => resolve(), { once: true })
      }),
  })
  // A source sleeps when what it read before is in the pipeline.
  const settled = async () => {
    while (sleeping.length < exporter.sources.length) await breathe()
    while (engine.scoring.advance()) await breathe()
    await engine.committer.commit()
  }
  await engine.restore()
  engine.start()
  await history.promise
  await settled()
  return {
    async advanceTo(time) {
      now = time
      for (const wake of sleeping.splice(0)) wake()
      await settled()
    },
    async scrape() {
      let text = ''
      for await (const part of engine.store.render()) text += part
      return text.split('\n').filter(line => line !== '' && !line.startsWith('#'))
    },
    stop: () => engine.stop(),
  }
}
