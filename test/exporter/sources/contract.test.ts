import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from '@jest/globals'
import { systemClock } from '../../../core/clock.ts'
import { createDispatcher } from '../../../decoding/dispatch.ts'
import { dialects } from '../../../decoding/registry.ts'
import type { Batch, Source } from '../../../exporter/contracts/source.ts'
import type { SourceDependencies } from '../../../exporter/contracts/source-kind.ts'
import {
  createSource,
  resolveSourcePaths,
  type SourceConfig,
  sourceKind,
  sourceKinds,
  sourceSchema,
} from '../../../exporter/sources/registry.ts'
import { createLogger } from '../../../service/log/logger.ts'
import type { Json } from '../../../service/state/state.ts'
import { GATEWAY, type SourceInput, sourceFixtures } from './source-fixtures.ts'

/** More batches than any of the inputs needs. */
const MAX_BATCHES = 500

const dependencies: SourceDependencies = { clock: systemClock, logger: createLogger({ level: 'error' }), wanted: [] }

const configOf = (type: SourceConfig['type'], keys = sourceFixtures[type].keys): SourceConfig =>
  sourceSchema.parse({ type, name: 'logs', ...keys })

/** One life of a source, until enough was read. Its cursor is committed with each batch. */
async function readBatches(
  source: Source,
  cursor: Map<string, Json>,
  isEnough: (batches: readonly Batch[]) => boolean,
  { maxBatches = MAX_BATCHES, abort = new AbortController() } = {},
): Promise<Batch[]> {
  const batches: Batch[] = []
  const start = { cursor: new Map(cursor), signal: abort.signal, committed: async () => undefined }
  for await (const batch of source.read(start)) {
    batches.push(batch)
    for (const { key, value } of batch.cursor) {
      if (value === null) cursor.delete(key)
      else cursor.set(key, value)
    }
    if (isEnough(batches) || batches.length >= maxBatches) abort.abort()
  }
  return batches
}

const idsOf = (batches: readonly Batch[]) => batches.flatMap(({ records }) => records.map(({ id }) => id))

/** Resolves as soon as it holds. */
async function until(what: string, holds: () => boolean): Promise<void> {
  for (let looks = 0; !holds(); looks++) {
    if (looks === 2_000) throw new Error(`not once in ${looks} looks: ${what}`)
    await pause(5)
  }
}

/** The same configuration, which notes each of its keys that is read. */
const noting = (config: SourceConfig, keys: Set<string | symbol>): SourceConfig =>
  new Proxy(config, {
    get: (target, key) => Reflect.get(target, keys.add(key) && key),
    // It is copied as a whole.
    ownKeys(target) {
      for (const key of Reflect.ownKeys(sourceKind(target.type).schema.shape)) keys.add(key)
      return Reflect.ownKeys(target)
    },
  })

const hasRead = (records: number) => (batches: readonly Batch[]) =>
  idsOf(batches).length >= records && batches.at(-1)?.caughtUp === true

describe.each(sourceKinds)('the source $type', kind => {
  const { type, durable } = kind
  const fixture = sourceFixtures[type]

  /** Keys of the configuration that were read by the sources of this test file. */
  const keysRead = new Set<string | symbol>()

  async function withInput(use: (make: () => Promise<Source>, input: SourceInput) => Promise<void>) {
    const input = await fixture.open()
    const make = () =>
      input.make((keys, more) => {
        const config = configOf(type, { ...fixture.keys, gateway: GATEWAY, ...keys })
        return createSource(noting(config, keysRead), { ...dependencies, clock: input.clock, ...more })
      })
    try {
      await use(make, input)
    } finally {
      await input.close()
    }
  }

  it('has its section in docs/configuration.md', async () => {
    const page = await readFile(new URL('../../../docs/configuration.md', import.meta.url), 'utf8')
    const keys = Object.keys(kind.schema.shape)
    expect(keys.filter(key => !page.includes(`\`exporter.sources[${type}].${key}\``))).toEqual([])
  })

  it('has a section in docs/sources.md, which says what it cannot notice', async () => {
    const page = await readFile(new URL('../../../docs/sources.md', import.meta.url), 'utf8')
    expect(page.split('\n')).toContain(`## ${type}`)
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
      const batches = await readBatches(source, new Map(), all => {
        const { watermark = 0, cursor = [] } = all.at(-1) ?? {}
        expect(watermark).toBeLessThanOrEqual(clock.now())
        expect(JSON.parse(JSON.stringify(cursor))).toEqual(cursor)
        watermarks.push(watermark)
        return all.length >= 3 && hasRead(fixture.records)(all)
      })
      expect(watermarks).toEqual(watermarks.toSorted((a, b) => a - b))
      expect(batches.length).toBeLessThan(MAX_BATCHES)
      const upToItsEnd = batches.slice(0, batches.findIndex(({ caughtUp }) => caughtUp) + 1)
      if (durable && fixture.pushed !== true) expect(idsOf(upToItsEnd)).toHaveLength(fixture.records)
      expect(new Set(idsOf(batches)).size).toBe(idsOf(batches).length)
      expect(source.health()).toMatchObject({ up: true })
    })
  })

  it('resumes after a restart at its cursor, each record once; without durability it has none', async () => {
    await withInput(async (make, input) => {
      const cursor = new Map<string, Json>()
      if (!durable) {
        await readBatches(await make(), cursor, batches => batches.length >= 3)
        expect(cursor).toEqual(new Map())
        return
      }
      const first = await readBatches(await make(), cursor, hasRead(fixture.records))
      await input.grow()
      const second = await readBatches(await make(), cursor, hasRead(fixture.added))
      const third = await readBatches(await make(), cursor, all => all.length >= 3 && hasRead(0)(all))
      expect([first, second, third].map(batches => idsOf(batches).length)).toEqual([fixture.records, fixture.added, 0])
      const ids = idsOf([...first, ...second])
      expect(new Set(ids).size).toBe(ids.length)
    })
  })

  it('uses each key of its section', async () => {
    await createSource(noting(configOf(type), keysRead), dependencies)
    await withInput(async make => {
      await readBatches(await make(), new Map(), hasRead(fixture.records))
    })
    const read = new Set([...keysRead, ...(fixture.connectionKeys ?? [])])
    expect(Object.keys(kind.schema.shape).filter(key => !read.has(key))).toEqual([])
  })

  it('hands on records that a dialect recognises, of the gateway that is configured, with the same ids when read again', async () => {
    await withInput(async (make, input) => {
      const cursor = new Map<string, Json>()
      const first = await readBatches(await make(), cursor, hasRead(fixture.records))
      await input.grow()
      const grown = await readBatches(await make(), new Map(cursor), hasRead(fixture.added))
      const records = [...first, ...grown].flatMap(batch => batch.records)
      const { decode } = createDispatcher(dialects)
      expect(records.map(record => (record.decoded ?? decode(record)).decoder)).not.toContain('none')
      expect(new Set(records.map(({ gateway }) => gateway))).toEqual(new Set([GATEWAY]))
      if (!durable) return
      const again = await readBatches(await make(), new Map(cursor), hasRead(fixture.added))
      expect(idsOf(again).toSorted()).toEqual(idsOf(grown).toSorted())
    })
  })

  it('moves its watermark on while nothing is added, so that the minutes of its series close', async () => {
    await withInput(async make => {
      const atEnd = (batches: readonly Batch[]) => batches.find(({ caughtUp }) => caughtUp)?.watermark
      const batches = await readBatches(
        await make(),
        new Map(),
        all => (all.at(-1)?.watermark ?? 0) > (atEnd(all) ?? Infinity),
        { maxBatches: 40 },
      )
      expect(batches.at(-1)?.watermark).toBeGreaterThan(atEnd(batches) as number)
    })
  })

  it('ends when it is stopped while it waits for its input', async () => {
    await withInput(async make => {
      const abort = new AbortController()
      const reading = (await make()).read({ cursor: new Map(), signal: abort.signal })[Symbol.asyncIterator]()
      while ((await reading.next()).value.caughtUp === false);
      const next = reading.next()
      abort.abort()
      for (let result = await next; result.done !== true; ) result = await reading.next()
    })
  })

  it('reports by its health that its input is unavailable, where it looks for it, and reads on from there when it is available again', async () => {
    await withInput(async (make, input) => {
      const { outage } = input
      if (outage === undefined) {
        expect(durable && fixture.pushed !== true).toBe(false)
        return
      }
      const cursor = new Map<string, Json>()
      await readBatches(await make(), cursor, hasRead(fixture.records))
      const source = await make()
      const abort = new AbortController()
      const limits = { maxBatches: Number.POSITIVE_INFINITY, abort }
      const reading = readBatches(source, cursor, hasRead(fixture.added), limits)
      const goThrough = async () => {
        await until('up at first', () => source.health().up)
        await outage.begin()
        await until('down in an outage', () => !source.health().up)
        expect(source.health().reason).toMatch(/ /)
        await outage.end()
        await until('up after an outage', () => source.health().up)
        await input.grow()
      }
      try {
        const [batches] = await Promise.all([reading, goThrough()])
        expect(idsOf(batches)).toHaveLength(fixture.added)
      } finally {
        abort.abort()
      }
    })
  })
})
