import { afterEach, describe, expect, it } from '@jest/globals'
import { stopAll, until } from '../service.ts'
import type { Answer, StepFixture } from './fixtures.ts'
import {
  all,
  attempted,
  counted,
  isDone,
  laterWell,
  momentsOf,
  recordsOf,
  registry,
  type Started,
  start,
  stateOf,
  stepsOf,
  TARGET,
  tell,
  untilStep,
} from './played.ts'

afterEach(stopAll)

describe.each(registry.kinds.map(({ type }) => type))('a step of kind %s', type => {
  const fixture = all[type] as StepFixture
  const kind = registry.get(type)

  it('has a fixture', () => {
    expect(fixture?.step.type).toBe(type)
  })

  it('is done once, with a row, an audit record and a count that say so', async () => {
    const { service, world } = await start(fixture)
    await tell(service)
    await isDone(service)
    expect(world.count()).toBe(1)
    expect(stepsOf(service)).toMatchObject([{ type, state: 'done', mode: 'enforce', position: 0 }])
    expect(service.ledger.incidents.list([], 9)).toMatchObject([{ state: kind.states.done }])
    expect(recordsOf(service, type)).toMatchObject([{ status_id: 1 }])
    expect(await counted(service, type, kind.results.done)).toBe(1)
    expect(await counted(service, type, kind.results.failed)).toBe(0)
  })

  it('is planned as data that the ledger gives back, and has words without a full stop', async () => {
    const { service } = await start(fixture)
    await tell(service)
    await isDone(service)
    const [step] = stepsOf(service)
    const { intent, effect, past } = registry.words({ type, plan: step?.plan })
    for (const text of [intent, effect, past, kind.describe(fixture.step)]) {
      expect(text).toMatch(/^\S.*[^.\s]$/)
    }
  })

  it('connects only to hosts that it declares', async () => {
    const world = fixture.createWorld()
    const protectedHosts = new Set<string>()
    const contacted = new Set<string>()
    const { service } = await start(fixture, {
      world,
      setup: {
        discoverNetworks: async hosts => {
          for (const { host } of hosts) protectedHosts.add(host)
          return []
        },
        fetch: async (input, init) => {
          contacted.add(new URL(String(input)).hostname)
          return world.setup.fetch?.(input, init) ?? new Response('ok')
        },
      },
    })
    await tell(service)
    await isDone(service)
    expect([...contacted].filter(host => !protectedHosts.has(host))).toEqual([])
  })

  it.each([
    ['a condition that is not met', TARGET, { conditions: { verdict: ['benign'] } }],
    ...(fixture?.refused === undefined ? [] : [['the kind itself', fixture.refused, {}] as const]),
  ] as const)('is refused by %s, and the world is left alone', async (_, address, more) => {
    const { service, world } = await start(fixture, { more })
    await tell(service, address)
    await until('it is decided on', () => service.ledger.incidents.count('refused') === 1)
    await service.tick()
    expect(world.count()).toBe(0)
    expect(stepsOf(service)).toMatchObject([{ type, state: 'refused', detail: expect.stringMatching(/./) }])
    expect(service.ledger.incidents.list(['refused'], 1)[0]?.facts.reason).not.toBe('plan_failed')
    expect(recordsOf(service, type)).toEqual([])
    expect(await counted(service, type, 'refused')).toBe(1)
  })

  it.each([
    ['observe', 'refused', 'would'],
    ['approve', 'pending', 'proposed'],
  ])('in mode %s is %s, and the world is left alone', async (mode, state, result) => {
    const { service, world } = await start(fixture, { more: { mode } })
    await tell(service)
    await untilStep(service, 'it is decided on', () => stateOf(service) === state)
    service.clock.pass(1_000)
    await service.tick()
    // A proposal is announced to people, which is no step.
    expect(world.count()).toBe(mode === 'approve' && kind.stage === 'notify' ? 1 : 0)
    expect(stateOf(service)).toBe(state)
    expect(recordsOf(service, type)).toEqual([])
    expect(await counted(service, type, result)).toBe(1)
  })

  it.each<[string, Answer]>([
    ['fails', 'later'],
    ['gets no answer in time', 'silent'],
  ])('that %s is pending with a reason, never done, and is done when the world answers', async (_, answer) => {
    const started = await start(fixture)
    const { service, world } = started
    world.answer = answer
    await tell(service)
    await untilStep(service, 'it was tried', () => attempted(service))
    expect(stateOf(service)).toBe('pending')
    expect(recordsOf(service, type).filter(({ status_id }) => status_id === 1)).toEqual([])
    expect(await counted(service, type, kind.results.done)).toBe(0)
    await laterWell(started)
    await isDone(service)
    expect(world.count()).toBe(1)
    expect(recordsOf(service, type).filter(({ status_id }) => status_id === 1)).toHaveLength(1)
    expect(await counted(service, type, kind.results.done)).toBe(1)
  })

  if (fixture?.canFail === true) {
    it('that fails for good is failed in the row, the audit record and the count', async () => {
      const started = await start(fixture)
      const { service, world } = started
      world.answer = 'never'
      await tell(service)
      await untilStep(service, 'it has failed', () => stateOf(service) === 'failed')
      await laterWell(started)
      expect(world.count()).toBe(0)
      expect(stepsOf(service)).toMatchObject([{ state: 'failed', detail: expect.stringMatching(/./) }])
      expect(recordsOf(service, type)).toMatchObject([{ status_id: 2 }])
      expect(await counted(service, type, kind.results.failed)).toBe(1)
      expect(await counted(service, type, kind.results.done)).toBe(0)
      if (kind.stage === 'act') expect(service.ledger.incidents.list([], 9)).toMatchObject([{ state: 'failed' }])
    })
  }

  it('is not done again when the alert is repeated', async () => {
    const started = await start(fixture)
    const { service, world } = started
    await tell(service)
    await isDone(service)
    await tell(service)
    await laterWell(started)
    expect(world.count()).toBe(1)
    expect(stepsOf(service)).toMatchObject([{ state: 'done' }])
    expect(recordsOf(service, type)).toHaveLength(1)
  })

  it('is done once when the process ends between any two writes', async () => {
    const first = await start(fixture)
    const moments = await momentsOf(fixture, first, async () => {
      await tell(first.service)
      await isDone(first.service)
    })
    await first.service.stop()
    // Receipt, decision, the change, its result: before and after each.
    expect(moments.length).toBeGreaterThanOrEqual(8)
    for (const { folder, world } of moments) {
      const second = await start(fixture, { folder, world, turned: first.turned })
      await tell(second.service)
      await laterWell(second)
      await isDone(second.service)
      expect(world.count()).toBeGreaterThanOrEqual(1)
      expect(world.count()).toBeLessThanOrEqual(fixture.atMost)
      expect(stepsOf(second.service)).toHaveLength(1)
      expect(recordsOf(second.service, type)).toMatchObject([{ status_id: 1 }])
      expect(second.service.ledger.audit.verify()).toMatchObject({ ok: true })
      await second.service.stop()
    }
  }, 60_000)

  const undone = async (turn: (started: Started, undo: () => Promise<boolean>) => Promise<void>) => {
    const started = await start(fixture)
    await tell(started.service)
    await isDone(started.service)
    const incident = stepsOf(started.service)[0]?.incident ?? ''
    const ending = { state: kind.states.undone, detail: 'undone by alice', actor: 'alice', undo: true }
    await turn(started, () => started.journal.end(incident, 0, ending))
  }

  if (fixture?.canUndo === true) {
    it('can be undone, which the row, the audit record and the count say', async () => {
      await undone(async ({ service, world }, undo) => {
        expect(await undo()).toBe(true)
        expect(world.count()).toBe(0)
        expect(stepsOf(service)).toMatchObject([{ state: 'undone' }])
        expect(service.ledger.incidents.list([], 9)).toMatchObject([{ state: kind.states.undone }])
        expect(recordsOf(service, type)).toMatchObject([{ status_id: 1 }, { status_id: 1, activity_id: 3 }])
        expect(await counted(service, type, kind.states.undone)).toBe(1)
        expect(await undo()).toBe(false)
        expect(recordsOf(service, type)).toHaveLength(2)
      })
    })

    it('is undone when the world answers, where it does not at first', async () => {
      await undone(async (started, undo) => {
        started.world.answer = 'later'
        await undo()
        expect(stepsOf(started.service)).toMatchObject([{ state: 'undone', dueAt: expect.any(Number) }])
        await laterWell(started)
        expect(started.world.count()).toBe(0)
        expect(stepsOf(started.service)).toMatchObject([{ state: 'undone' }])
        expect(started.service.ledger.steps.undoing(type)).toEqual([])
      })
    })

    it('is undone once the ledger says so, whenever the process ends', async () => {
      await undone(async (first, undo) => {
        const moments = await momentsOf(fixture, first, async () => void (await undo()))
        await first.service.stop()
        expect(moments.length).toBeGreaterThanOrEqual(4)
        for (const { folder, world } of moments) {
          const second = await start(fixture, { folder, world, turned: first.turned })
          await laterWell(second)
          const isUndone = stateOf(second.service) === 'undone'
          expect(world.count()).toBe(isUndone ? 0 : 1)
          expect(recordsOf(second.service, type)).toHaveLength(isUndone ? 2 : 1)
          expect(second.service.ledger.steps.undoing(type)).toEqual([])
          expect(second.service.ledger.audit.verify()).toMatchObject({ ok: true })
          await second.service.stop()
        }
      })
    }, 60_000)
  } else {
    it('cannot be undone, and stays done when somebody tries', async () => {
      await undone(async ({ service, world }, undo) => {
        expect(await undo()).toBe(false)
        expect(world.count()).toBe(1)
        expect(stepsOf(service)).toMatchObject([{ state: 'done' }])
        expect(recordsOf(service, type)).toHaveLength(1)
      })
    })
  }
})
