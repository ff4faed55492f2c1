import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { MINUTE_MS } from '../../../../core/clock.ts'
import { ModelExporter, NOON, options, SERVER_AWAY } from './model-exporter.ts'
import { ModelIndex, type Stored } from './model-index.ts'

/** Documents that are older are not written again: the horizon of an hour has left them, or will before that is read. */
const RECENT_MS = 30 * MINUTE_MS

/** An exporter beside an index to which things happen, and the truth about it. */
class World {
  readonly clock = { now: NOON, passed: 0 }
  readonly index = new ModelIndex(this.clock, [{ id: 'first', ingested: NOON - 1_000 }])
  readonly exporter = new ModelExporter(this.index, this.clock, { ...options, pageSize: 7 })
  readonly ids = new Set<string>()
  /** Ids that came in two indices. */
  readonly #copied = new Set<string>()

  /** Time as it passes, whatever the reader's clock says. */
  get now(): number {
    return NOON + this.clock.passed
  }

  /** Writes documents of which the last one is dated at `last`. */
  write(documents: number, last: number): void {
    // What is dated before reading began is nobody's.
    const first = Math.max(NOON, last - documents)
    for (let number = 1; number <= documents; number++) {
      const id = `${this.ids.size}`
      this.ids.add(id)
      this.index.put({ id, ingested: first + number })
    }
  }

  recent(which: number): Stored | undefined {
    const recent = this.index.documents.filter(({ ingested }) => ingested > Math.max(NOON, this.now - RECENT_MS))
    return recent[which % recent.length]
  }

  /**
   * Writes a document again, dated now; returns when it was dated before. One of several copies that is written again
   * leaves a place as a deleted document does: that is left to `delete`.
   */
  rewrite(which: number): number | undefined {
    const document = this.recent(which)
    if (document === undefined || document.ingested >= this.now || this.#copied.has(document.id)) return undefined
    this.index.put({ ...document, ingested: this.now })
    return document.ingested
  }

  copy(which: number, back: number): void {
    const document = this.recent(which)
    if (document === undefined) return
    this.#copied.add(document.id)
    this.index.put({ ...document, index: 'logs-000002', ingested: Math.max(NOON + 1, document.ingested - back) })
  }

  async rounds(minutes: number): Promise<void> {
    for (let minute = 0; minute < minutes; minute++) {
      this.exporter.pass(MINUTE_MS)
      await this.exporter.round()
    }
  }
}

type Happening = (world: World, a: number, b: number) => void | Promise<void>

/** What may happen, each with two numbers of its own. */
const happenings = {
  write: (world, a) => world.write(a % 30, world.now),
  late: (world, a, b) => world.write(a % 9, world.now - (b % 40) * MINUTE_MS),
  ahead: (world, a, b) => world.write(a % 5, world.now + (b % 15) * MINUTE_MS),
  rewrite: (world, a) => {
    world.rewrite(a)
  },
  /** In the place that the rewritten document leaves, another one comes late. */
  replace: (world, a) => {
    const before = world.rewrite(a)
    if (before !== undefined) world.write(1, before)
  },
  copy: (world, a, b) => world.copy(a, (b % 20) * 30_000),
  delete: async (world, a) => {
    await world.rounds(20)
    world.exporter.save()
    const document = world.recent(a)
    if (document !== undefined) world.index.delete(document)
    // A document that comes late between the same two comparisons would be hidden.
    await world.rounds(2)
  },
  second: async world => {
    world.exporter.pass(1_000)
    await world.exporter.round()
  },
  minute: world => world.rounds(1),
  silence: async world => {
    world.exporter.pass(7 * MINUTE_MS)
    await world.exporter.round()
  },
  crash: async (world, a) => {
    // A start with a wrong clock has a test of its own.
    world.clock.now = world.now
    world.exporter.crash((a % 101) / 100)
    await world.exporter.round()
  },
  failure: async (world, a) => {
    let left = a % 8
    world.index.onRequest = () => {
      if (left-- <= 0) throw new Error(SERVER_AWAY)
    }
    await world.exporter.round()
    world.index.onRequest = () => undefined
  },
  jump: (world, a) => {
    world.clock.now += ((a % 400) - 200) * MINUTE_MS
  },
} satisfies Record<string, Happening>

type Name = keyof typeof happenings

const happening = fc.record({
  name: fc.constantFrom(...(Object.keys(happenings) as Name[])),
  a: fc.nat({ max: 100_000 }),
  b: fc.nat({ max: 100_000 }),
})

describe('an index under rewrites, copies, deletions, late documents, restarts and clocks that jump', () => {
  it('is counted exactly: each id once, none left out, and in the end nothing is read again', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { maxLength: 40 }), async happened => {
        const world = new World()
        const { exporter, index, ids } = world
        await exporter.round()
        // The first start is in the state.
        exporter.save()
        for (const { name, a, b } of happened) await (happenings[name] as Happening)(world, a, b)
        world.clock.now = world.now
        await world.rounds(25)
        expect(exporter.countedTwice).toEqual([])
        expect([...ids].filter(id => !exporter.counted.has(id))).toEqual([])
        index.fetched = 0
        await world.rounds(3)
        expect(index.fetched).toBe(0)
      }),
      { numRuns: Number(process.env.RUNS ?? 300) },
    )
  }, 600_000)
})
