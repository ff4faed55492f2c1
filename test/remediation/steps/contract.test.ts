import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, expect, it } from '@jest/globals'
import { referenceRows } from '../../../core/config/reference.ts'
import { remediationSchema, remediationSchemaOf } from '../../../remediation/config.ts'
import { createStepRegistry, type ShippedStep, stepKinds } from '../../../remediation/steps/registry.ts'
import type { StepKind } from '../../../remediation/steps/step.ts'
import {
  alert,
  deliver,
  message,
  startRemediation,
  stopAll,
  type TestService,
  TurnedClock,
  temporaryFolder,
  until,
} from '../service.ts'
import { type Answer, fixtures, type StepFixture, type World } from './fixtures.ts'
import { Flags, flagFixture, flagKind } from './made-up.ts'

afterEach(stopAll)

const TARGET = '192.0.2.1'
const registry = createStepRegistry([...Object.values<StepKind>(stepKinds), flagKind])
const all: Readonly<Record<string, StepFixture>> = { ...fixtures, flag: flagFixture }

interface Started {
  readonly service: TestService
  readonly world: World
  readonly folder: string
  readonly turned: TurnedClock
}

interface Beginning {
  readonly world?: World
  readonly folder?: string
  readonly turned?: TurnedClock
  readonly more?: Readonly<Record<string, unknown>>
}

/** A service whose only playbook has the one step of a fixture. */
async function start(fixture: StepFixture, beginning: Beginning = {}): Promise<Started> {
  const { world = fixture.createWorld(), folder = temporaryFolder(), turned = new TurnedClock(), more } = beginning
  const playbooks = [{ name: 'contract', steps: [fixture.step], cooldown: '0s', ...more }]
  const surroundings = { ...world.setup, stepTimeout: fixture.timeout, folder, turned }
  const service = await startRemediation({ mode: 'enforce', playbooks, ...fixture.config }, surroundings)
  return { service, world, folder, turned }
}

const tell = (service: TestService, address = TARGET) =>
  deliver(service, message([alert(address, { labels: { playbook: 'contract', source_ip: address } })]))

const stepsOf = ({ ledger }: TestService) => ledger.incidents.list([], 9).flatMap(({ id }) => ledger.steps.of(id))
const stateOf = (service: TestService) => stepsOf(service)[0]?.state
const isDone = (service: TestService) => until('the step is done', () => stateOf(service) === 'done')

/** Records of the audit trail about a step itself, not about the decision. */
function recordsOf({ ledger }: TestService, type: string): readonly { status_id: number; activity_id: number }[] {
  const records = ledger.audit.page(0, 999).map(({ record }) => JSON.parse(record))
  return records.filter(({ unmapped }) => unmapped.step === type)
}

async function counted(service: TestService, type: string, result: string): Promise<number> {
  const text = await (await fetch(`${service.url}metrics`)).text()
  const lines = text.split('\n').filter(line => line.startsWith('clawtrust_remediation_actions_total{'))
  const found = lines.filter(line => line.includes(`action="${type}"`) && line.includes(`result="${result}"`))
  return found.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}

/** Lets an hour pass in which the world answers, so that everything that may be tried again is. */
async function laterWell({ service, world }: Started): Promise<void> {
  world.answer = 'well'
  world.release()
  for (let minute = 0; minute < 4; minute++) {
    service.clock.pass(61_000)
    await service.tick()
  }
}

interface Moment {
  readonly folder: string
  readonly world: World
}

/** The ledger and the world as a process leaves them that ends at each boundary of the work: a commit or a change. */
async function momentsOf(fixture: StepFixture, started: Started, work: () => Promise<void>): Promise<Moment[]> {
  const moments: Moment[] = []
  const snapshot = () => {
    const folder = temporaryFolder()
    cpSync(join(started.folder, 'state'), join(folder, 'state'), { recursive: true })
    rmSync(join(folder, 'state', 'owner.lock'), { force: true })
    moments.push({ folder, world: fixture.createWorld(started.world) })
  }
  const { exec } = DatabaseSync.prototype
  DatabaseSync.prototype.exec = function (sql: string) {
    if (sql === 'COMMIT') snapshot()
    exec.call(this, sql)
    if (sql === 'COMMIT') snapshot()
  }
  started.world.boundary = snapshot
  try {
    await work()
  } finally {
    DatabaseSync.prototype.exec = exec
    started.world.boundary = () => {}
  }
  return moments
}

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

  it.each([
    ['a condition that is not met', TARGET, { conditions: { countries: ['AQ'] } }],
    ...(fixture?.refused === undefined ? [] : [['the kind itself', fixture.refused, {}] as const]),
  ] as const)('is refused by %s, and the world is left alone', async (_, address, more) => {
    const { service, world } = await start(fixture, { more })
    await tell(service, address)
    await until('it is decided on', () => service.ledger.incidents.count('refused') === 1)
    await service.tick()
    expect(world.count()).toBe(0)
    expect(stepsOf(service)).toMatchObject([{ type, state: 'refused', detail: expect.stringMatching(/./) }])
    expect(recordsOf(service, type)).toEqual([])
    expect(await counted(service, type, 'refused')).toBe(1)
  })

  it.each([
    ['observe', 'refused', 'would'],
    ['approve', 'pending', 'proposed'],
  ])('in mode %s is %s, and the world is left alone', async (mode, state, result) => {
    const { service, world } = await start(fixture, { more: { mode } })
    await tell(service)
    await until('it is decided on', () => stateOf(service) === state)
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
    await until('it was tried', () => attempted(service))
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
      await until('it has failed', () => stateOf(service) === 'failed')
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

  if (fixture?.undo !== undefined) {
    const done = async () => {
      const started = await start(fixture)
      await tell(started.service)
      await isDone(started.service)
      const incident = stepsOf(started.service)[0]?.incident ?? ''
      return { ...started, undone: async () => fixture.undo?.({ ...started, incident, target: TARGET }) }
    }

    it('can be undone, which the row, the audit record and the count say', async () => {
      const { service, world, undone } = await done()
      await undone()
      await until('the effect is gone', () => world.count() === 0)
      expect(stepsOf(service)).toMatchObject([{ state: 'undone' }])
      expect(service.ledger.incidents.list([], 9)).toMatchObject([{ state: kind.states.undone }])
      expect(recordsOf(service, type)).toMatchObject([{ status_id: 1 }, { status_id: 1, activity_id: 3 }])
      expect(await counted(service, type, kind.states.undone)).toBe(1)
    })

    it('is undone once the ledger says so, whenever the process ends', async () => {
      const first = await done()
      const moments = await momentsOf(fixture, first, first.undone)
      await first.service.stop()
      expect(moments.length).toBeGreaterThanOrEqual(4)
      for (const { folder, world } of moments) {
        const second = await start(fixture, { folder, world, turned: first.turned })
        await laterWell(second)
        const isUndone = stateOf(second.service) === 'undone'
        expect(world.count()).toBe(isUndone ? 0 : 1)
        expect(recordsOf(second.service, type)).toHaveLength(isUndone ? 2 : 1)
        expect(second.service.ledger.steps.due([type], second.turned.now(), 9)).toEqual([])
        expect(second.service.ledger.audit.verify()).toMatchObject({ ok: true })
        await second.service.stop()
      }
    }, 60_000)
  }
})

/** True where an attempt of the first step has failed. */
function attempted({ ledger }: TestService): boolean {
  const [step] = ledger.incidents.list([], 9).flatMap(({ id }) => ledger.steps.of(id))
  return (
    step !== undefined && (step.attempts > 0 || ledger.outbox.of(step.incident).some(({ attempts }) => attempts > 0))
  )
}

describe('a kind that only the registry knows', () => {
  const schema = remediationSchemaOf(registry)

  it('is configured by its own schema, and documented by it', () => {
    const keys = referenceRows(schema, 'remediation').map(({ key }) => key)
    expect(keys).toContain('remediation.playbooks[].steps[flag].colour')
    const playbook = (step: object) => ({ playbooks: [{ name: 'x', steps: [step] }] })
    expect(schema.safeParse(playbook({ type: 'flag', colour: 'red' })).success).toBe(true)
    expect(schema.safeParse(playbook({ type: 'flag' })).success).toBe(false)
    expect(remediationSchema.safeParse(playbook({ type: 'flag', colour: 'red' })).success).toBe(false)
  })

  it('does not compile in a playbook of the product', () => {
    // @ts-expect-error There is no such type.
    const step: ShippedStep = { type: 'flag', colour: 'red' }
    expect(step.type).toBe('flag')
  })

  it('is shown on the page, as it is configured, proposed and done', async () => {
    const { service } = await start(flagFixture, { more: { mode: 'approve' } })
    await tell(service)
    await until('it is proposed', () => service.ledger.incidents.count('proposed') === 1)
    const page = async () => (await fetch(service.url)).text()
    expect(await page()).toContain('put a red flag on 192.0.2.1')
    expect(await page()).toContain('put a red flag<')
    const [proposal] = service.ledger.incidents.list(['proposed'], 1)
    const id = await service.ledger.write(() => service.ledger.commands.add('approve', proposal?.id ?? '', 'alice'))
    service.clock.pass(1_000)
    await until('it is answered', () => service.ledger.commands.answerOf(id) !== undefined)
    expect(service.ledger.commands.answerOf(id)).toBe('192.0.2.1 has a red flag.')
    expect(await page()).toContain('put a red flag on 192.0.2.1, approved by alice')
  })

  it('is followed by the steps that notify, which tell what became of each step', async () => {
    const world = new Flags()
    world.answer = 'never'
    const steps = [fixtures.request.step, fixtures.block.step, flagFixture.step]
    const more = { steps, mode: 'enforce' }
    const fixture = { ...flagFixture, config: fixtures.request.config }
    const { service } = await start(fixture, { world, more })
    await tell(service)
    await until('the chat is told', () => service.sent.length === 1)
    expect(service.sent[0]?.body).toMatchObject({
      text: 'clawtrust blocked 192.0.2.1 for 1 h and could not put a red flag on 192.0.2.1 (contract)',
    })
    await until('it is recorded', () => service.ledger.outbox.count('sent') === 1)
    expect(stepsOf(service)).toMatchObject([
      { type: 'request', state: 'done' },
      { type: 'block', state: 'done' },
      { type: 'flag', state: 'failed' },
    ])
    expect(service.ledger.incidents.list([], 9)).toMatchObject([{ state: 'failed' }])
  })
})

it('a playbook has one block at most', () => {
  const block = { type: 'block', ttl: ['1h'] }
  const result = remediationSchema.safeParse({ playbooks: [{ name: 'x', steps: [block, block] }] })
  expect(result.error?.issues).toMatchObject([{ path: ['playbooks', 0, 'steps', 1, 'type'] }])
})

it('a ledger with steps of a kind that is not there is read', async () => {
  const folder = temporaryFolder()
  const first = await start(flagFixture, { folder })
  await tell(first.service)
  await isDone(first.service)
  await first.service.stop()
  const service = await startRemediation({ mode: 'enforce' }, { folder, turned: first.turned })
  expect(await (await fetch(service.url)).text()).toContain('192.0.2.1')
  expect(stepsOf(service)).toMatchObject([{ type: 'flag', state: 'done' }])
})
