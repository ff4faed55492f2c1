import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { ClawtrustError } from '../../../core/errors.ts'
import { type Committer, createCommitter } from '../../../exporter/pipeline/committer.ts'
import type { StateDatabase } from '../../../service/state/state.ts'
import { openFailingState } from './failing-database.ts'
import { type Bench, batchOf, bench, NOON, recordOf } from './fixtures.ts'

interface Told {
  readonly errors: string[]
  readonly infos: string[]
}

interface Life extends Bench {
  readonly committer: Committer
  readonly told: Told
}

function begin(database: StateDatabase, limit = 2 ** 33): Life {
  const life = bench()
  const told: Told = { errors: [], infos: [] }
  const logger = {
    error: (message: string) => void told.errors.push(message),
    info: (message: string) => void told.infos.push(message),
  }
  const { pipeline, store, clock } = life
  const committer = createCommitter({ pipeline, store, database, clock, logger, retention: 86_400_000, limit })
  return { ...life, committer, told }
}

async function revive(database: StateDatabase): Promise<Life> {
  const life = begin(database)
  const saved = await database.load()
  life.store.restore(saved.series)
  life.pipeline.restore(saved)
  return life
}

async function exposed({ store }: Bench): Promise<number> {
  let text = ''
  for await (const slice of store.render()) text += slice
  const samples = text.matchAll(/^clawtrust_auth_failures_total\{.*\} (\d+)$/gm)
  return [...samples].reduce((sum, [, value]) => sum + Number(value), 0)
}

/** One event, and the cursor behind it. */
const read = ({ pipeline }: Life, position: number) =>
  pipeline.ingest(
    'log',
    batchOf([recordOf(`r${position}`, { time: NOON + position * 1000 })], {
      cursor: [{ key: 'file', value: position }],
      watermark: NOON + position * 1000,
    }),
  )

describe('the committer', () => {
  it('is not healthy while old minutes cannot be deleted, and logs it once', async () => {
    let fails = true
    const prune = async () => {
      if (fails) throw new ClawtrustError('STATE_DAMAGED', 'the state is damaged')
    }
    const life = begin({ ...openFailingState(() => false), prune })
    for (let commit = 0; commit < 3; commit++) await life.committer.commit()
    expect(life.committer.health()).toMatchObject({ ok: false, reason: 'the state is damaged' })
    expect(life.told).toEqual({ errors: ['the state is damaged'], infos: [] })
    fails = false
    await life.committer.commit()
    expect(life.committer.health().ok).toBe(true)
    expect(life.told.infos).toHaveLength(1)
  })

  it('lets reading wait while the state folder is larger than its limit, and loses nothing', async () => {
    let bytes = 900
    const life = begin({ ...openFailingState(() => false), usage: async () => bytes }, 1_000)
    await life.committer.commit()
    expect(life.committer.health().ok).toBe(true)

    bytes = 1_001
    read(life, 1)
    await life.committer.commit()
    expect(life.committer.health()).toMatchObject({
      ok: false,
      reason: expect.stringContaining('exporter.state_limit'),
    })
    expect(await exposed(life)).toBe(1)
    let mayRead = false
    const waiting = life.committer.whenWritable().then(() => {
      mayRead = true
    })
    await life.committer.commit()
    expect(mayRead).toBe(false)

    bytes = 900
    await life.committer.commit()
    await waiting
    expect(life.committer.health().ok).toBe(true)
  })

  it('exposes what was counted only after the commit', async () => {
    const life = begin(openFailingState(() => false))
    read(life, 1)
    expect(await exposed(life)).toBe(0)
    await life.committer.commit()
    expect(await exposed(life)).toBe(1)
  })

  it('exposes exactly what was committed when more is read meanwhile', async () => {
    const life = begin(openFailingState(() => false))
    read(life, 1)
    const committing = life.committer.commit()
    read(life, 2)
    await committing
    expect(await exposed(life)).toBe(1)
    await life.committer.commit()
    expect(await exposed(life)).toBe(2)
  })

  it('says once that it cannot write, holds reading back, and says once that it can again', async () => {
    let full = true
    const life = begin(openFailingState(() => full))
    read(life, 1)
    await life.committer.commit()
    await life.committer.commit()
    expect(life.told).toEqual({ errors: ['the disk is full'], infos: [] })
    expect(life.committer.health()).toEqual({ ok: false, reason: 'the disk is full' })
    expect(await exposed(life)).toBe(0)
    let reading = false
    const waiting = life.committer.whenWritable().then(() => {
      reading = true
    })
    await new Promise(resume => setImmediate(resume))
    expect(reading).toBe(false)
    full = false
    await life.committer.commit()
    await waiting
    expect(life.told.infos).toHaveLength(1)
    expect(life.committer.health()).toEqual({ ok: true, lastCommit: NOON })
    expect(await exposed(life)).toBe(1)
  })

  it('ends the wait for what was read with the first commit that holds it, or with its own end', async () => {
    let full = true
    const life = begin(openFailingState(() => full))
    const done: string[] = []
    const wait = (name: string) => life.committer.whenCommitted().then(() => done.push(name))
    read(life, 1)
    const first = wait('first')
    await life.committer.commit()
    expect(done).toEqual([])
    full = false
    const committing = life.committer.commit()
    await Promise.resolve()
    await first
    expect(done).toEqual(['first'])
    await committing
    read(life, 2)
    const second = wait('second')
    full = true
    await life.committer.stop()
    await second
    await life.committer.whenCommitted()
    expect(done).toEqual(['first', 'second'])
  })

  it('tries again with the newest cursor, not the one of the commit that failed', async () => {
    let full = true
    const database = openFailingState(() => full)
    const life = begin(database)
    read(life, 1)
    await life.committer.commit()
    read(life, 2)
    full = false
    await life.committer.commit()
    const revived = await revive(database)
    expect(await exposed(revived)).toBe(2)
    expect(revived.pipeline.cursor('log').get('file')).toBe(2)
  })

  it('commits what is left when it stops', async () => {
    const database = openFailingState(() => false)
    const life = begin(database)
    life.committer.start()
    read(life, 1)
    await life.committer.stop()
    expect(await exposed(life)).toBe(1)
    expect((await database.load()).cursors).toEqual([{ source: 'log', key: 'file', value: 1 }])
  })

  it('never exposes more than the truth, never less than before, and all in the end, whatever fails', async () => {
    const step = fc.constantFrom('read', 'read', 'commit', 'failing commit', 'crash', 'read while committing')
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async steps => {
        let failing = false
        const database = openFailingState(() => failing)
        let life = await revive(database)
        let truth = 0
        let position = 0
        let before = 0
        const look = async () => {
          const now = await exposed(life)
          expect(now).toBeGreaterThanOrEqual(before)
          expect(now).toBeLessThanOrEqual(truth)
          before = now
        }
        const readOne = () => {
          position += 1
          truth = Math.max(truth, position)
          read(life, position)
        }
        for (const one of steps) {
          failing = one === 'failing commit'
          if (one === 'read') readOne()
          else if (one === 'crash') {
            life = await revive(database)
            position = Number(life.pipeline.cursor('log').get('file') ?? 0)
          } else {
            const committing = life.committer.commit()
            if (one === 'read while committing') readOne()
            await committing
          }
          await look()
        }
        failing = false
        while (position < truth) readOne()
        await life.committer.commit()
        expect(await exposed(life)).toBe(truth)
        await database.close()
      }),
      { numRuns: 60 },
    )
  })
})
