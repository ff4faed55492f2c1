import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { MINUTE_MS } from '../../core/clock.ts'
import { compileTrustZones, defaultZoneRules } from '../../core/trust-zones.ts'
import { exporterSchema } from '../../exporter/config.ts'
import { Engine } from '../../exporter/engine.ts'
import { createLogger } from '../../service/log/logger.ts'
import { openMemoryState } from '../../service/state/memory.ts'
import type { StateDatabase } from '../../service/state/state.ts'
import { batchOf, HandClock } from './pipeline/fixtures.ts'

const root = new URL('../../', import.meta.url)
const lines = readFileSync(new URL('test/fixtures/openclaw/openclaw-2026.9.6-file-log.real.jsonl', root), 'utf8')
  .split('\n')
  .filter(line => line !== '')
const LAST_LINE = Math.max(...lines.map(line => Date.parse(JSON.parse(line).time)))

/** Names of the classes of the exporter that say that they implement one of these interfaces. */
function implementing(interfaces: RegExp): string[] {
  const texts = globSync('exporter/**/*.ts', { cwd: root }).map(path => readFileSync(new URL(path, root), 'utf8'))
  const classes = texts.flatMap(text => [...text.matchAll(/^export class (\w+).* implements (.+) \{$/gm)])
  return classes.flatMap(([, name = '', all = '']) => (interfaces.test(all) ? [name] : []))
}

const namesOf = (parts: readonly object[]) => new Set(parts.map(part => part.constructor.name))

/** An engine at the start of a process, which reads by hand. */
async function begin(database: StateDatabase, clock: HandClock): Promise<Engine> {
  const engine = await Engine.create({
    config: exporterSchema.parse({ sources: [{ type: 'file', name: 'log', paths: ['/var/log/openclaw.log'] }] }),
    zones: compileTrustZones(defaultZoneRules),
    database,
    clock,
    logger: createLogger({ level: 'error' }),
  })
  await engine.restore()
  return engine
}

/** The rows that the state holds in the end, but for those of scores, which begin with a random number. */
async function rowsAfter(restart: boolean): Promise<object> {
  const database = openMemoryState()
  const clock = new HandClock()
  let engine = await begin(database, clock)
  for (const [number, part] of [lines.slice(0, 70), lines.slice(70), []].entries()) {
    if (restart && number > 0) {
      await engine.stop()
      engine = await begin(database, clock)
    }
    clock.time = LAST_LINE + number * 10 * MINUTE_MS
    const records = part.map((body, index) => ({ id: `${number}/${index}`, body }))
    engine.pipeline.ingest('log', batchOf(records, { watermark: number === 2 ? clock.time : 0 }))
    await engine.committer.commit()
  }
  await engine.stop()
  const { documents, blobs } = await database.load()
  const own = blobs.filter(({ name }) => !name.startsWith('anomaly/'))
  return Object.fromEntries([...documents, ...own].map(({ name, value }) => [name, value]).sort())
}

describe('an engine', () => {
  it.each(implementing(/Persistent\b/))('saves and restores %s', async name => {
    const engine = await begin(openMemoryState(), new HandClock())
    expect(namesOf(engine.pipeline.persistents)).toContain(name)
    await engine.stop()
  })

  it.each(implementing(/(^|, )EventSubscriber\b/))('calls %s with events and minutes', async name => {
    const engine = await begin(openMemoryState(), new HandClock())
    expect(namesOf(engine.pipeline.subscribers.members)).toContain(name)
    await engine.stop()
  })

  it('saves the same rows whether or not it was restarted in the middle', async () => {
    const whole = await rowsAfter(false)
    expect(Object.keys(whole).length).toBeGreaterThan(5)
    expect(await rowsAfter(true)).toEqual(whole)
  })
})
