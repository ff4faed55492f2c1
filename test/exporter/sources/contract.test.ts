import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { systemClock } from '../../../core/clock.ts'
import type { Batch, Source } from '../../../exporter/contracts/source.ts'
import type { SourceDependencies } from '../../../exporter/contracts/source-kind.ts'
import {
  createSource,
  resolveSourcePaths,
  type SourceConfig,
  sourceKinds,
  sourceSchema,
} from '../../../exporter/sources/registry.ts'
import { createLogger } from '../../../service/log/logger.ts'
import type { Json } from '../../../service/state/state.ts'
import { type SourceInput, sourceFixtures } from './source-fixtures.ts'

/** More batches than any of the inputs needs. */
const MAX_BATCHES = 500

const dependencies: SourceDependencies = { clock: systemClock, logger: createLogger({ level: 'error' }), wanted: [] }

const configOf = (type: SourceConfig['type'], keys = sourceFixtures[type].keys): SourceConfig =>
  sourceSchema.parse({ type, name: 'logs', ...keys })

/** One life of a source, until enough was read. Its cursor is committed with each batch. */
async function read(
  source: Source,
  cursor: Map<string, Json>,
  isEnough: (batches: readonly Batch[]) => boolean,
): Promise<Batch[]> {
  const abort = new AbortController()
  const batches: Batch[] = []
  const start = { cursor: new Map(cursor), signal: abort.signal, committed: async () => undefined }
  for await (const batch of source.read(start)) {
    batches.push(batch)
    for (const { key, value } of batch.cursor) {
      if (value === null) cursor.delete(key)
      else cursor.set(key, value)
    }
    if (isEnough(batches) || batches.length >= MAX_BATCHES) abort.abort()
  }
  return batches
}

const idsOf = (batches: readonly Batch[]) => batches.flatMap(({ records }) => records.map(({ id }) => id))

const hasRead = (records: number) => (batches: readonly Batch[]) =>
  idsOf(batches).length >= records && batches.at(-1)?.caughtUp === true

describe.each(sourceKinds)('the source $type', kind => {
  const { type, durable } = kind
  const fixture = sourceFixtures[type]

  async function withInput(use: (make: () => Promise<Source>, input: SourceInput) => Promise<void>) {
    const input = await fixture.open()
    const make = () =>
      input.make((keys, more) =>
        createSource(configOf(type, { ...fixture.keys, ...keys }), { ...dependencies, clock: input.clock, ...more }),
      )
    try {
      await use(make, input)
    } finally {
      await input.close()
    }
  }

  it('has its section in docs/configuration.md', async () => {
    const page = await readFile(new URL('../../../docs/configuration.md', import.meta.url), 'utf8')
    for (const key of Object.keys(kind.schema.shape)) expect(page).toContain(`\`exporter.sources[${type}].${key}\``)
  })

  it('needs a name, and refuses a key that it does not have', () => {
    expect(configOf(type)).toMatchObject({ type, name: 'logs' })
    expect(sourceSchema.safeParse({ type, ...fixture.keys }).error?.issues).toMatchObject([{ path: ['name'] }])
    const withMore = sourceSchema.safeParse({ type, name: 'logs', ...fixture.keys, colour: 'red' })
    expect(withMore.error?.issues).toMatchObject([{ code: 'unrecognized_keys', keys: ['colour'] }])
  })

  it('takes its relative paths from the folder of the configuration, and leaves the rest as it is', () => {
    const config = configOf(type)
    expect(resolveSourcePaths(config, path => resolve('/etc', path))).toEqual({ ...config, ...fixture.paths })
  })

  it('is made of its section: its name, its kind and its durability', async () => {
    const source = await createSource(configOf(type), dependencies)
    expect(source).toMatchObject({ name: 'logs', kind: type, durable })
  })

  it('reads until it is stopped: the watermark never falls nor is ahead of the clock, the cursor is JSON', async () => {
    await withInput(async (make, { clock }) => {
      const source = await make()
      const watermarks: number[] = []
      const batches = await read(source, new Map(), all => {
        const { watermark = 0, cursor = [] } = all.at(-1) ?? {}
        expect(watermark).toBeLessThanOrEqual(clock.now())
        expect(JSON.parse(JSON.stringify(cursor))).toEqual(cursor)
        watermarks.push(watermark)
        return all.length >= 3 && hasRead(fixture.records)(all)
      })
      expect(watermarks).toEqual(watermarks.toSorted((a, b) => a - b))
      expect(batches.length).toBeLessThan(MAX_BATCHES)
      expect(new Set(idsOf(batches)).size).toBe(idsOf(batches).length)
      expect(source.health()).toMatchObject({ up: true })
    })
  })

  it('resumes after a restart at its cursor, each record once; without durability it has none', async () => {
    await withInput(async (make, input) => {
      const cursor = new Map<string, Json>()
      if (!durable) {
        await read(await make(), cursor, batches => batches.length >= 3)
        expect(cursor).toEqual(new Map())
        return
      }
      const first = await read(await make(), cursor, hasRead(fixture.records))
      await input.grow()
      const second = await read(await make(), cursor, hasRead(fixture.added))
      const third = await read(await make(), cursor, all => all.length >= 3 && hasRead(0)(all))
      expect([first, second, third].map(batches => idsOf(batches).length)).toEqual([fixture.records, fixture.added, 0])
      const ids = idsOf([...first, ...second])
      expect(new Set(ids).size).toBe(ids.length)
    })
  })
})
