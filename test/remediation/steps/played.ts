import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import type { RemediationSetup } from '../../../remediation/app.ts'
import { giveUp, type StepJournal, type StepKind } from '../../../remediation/contracts/step.ts'
import type { AdditionalStep } from '../../../remediation/steps/executors.ts'
import { createStepRegistry, stepKinds } from '../../../remediation/steps/registry.ts'
import {
  alert,
  deliver,
  message,
  startRemediation,
  type TestService,
  TurnedClock,
  temporaryFolder,
  until,
} from '../service.ts'
import { fixtures, type StepFixture, type World } from './fixtures.ts'
import { flagFixture, flagKind } from './made-up.ts'

export const TARGET = '192.0.2.1'
export const registry = createStepRegistry([...Object.values<StepKind>(stepKinds), flagKind])
export const all: Readonly<Record<string, StepFixture>> = { ...fixtures, flag: flagFixture }

export interface Started {
  readonly service: TestService
  readonly journal: StepJournal
  readonly world: World
  readonly folder: string
  readonly turned: TurnedClock
}

export interface Beginning {
  readonly world?: World
  readonly folder?: string
  readonly turned?: TurnedClock
  readonly more?: Readonly<Record<string, unknown>>
  readonly setup?: Partial<RemediationSetup>
}

/** A kind of step that is never used: it only takes the journal that every executor gets. */
const listening = (journals: StepJournal[]): AdditionalStep => ({
  kind: { ...flagKind, type: 'listening', schema: z.strictObject({ type: z.literal('listening') }) },
  connect: ({ journal }) => {
    journals.push(journal)
    return { connections: [], execute: async () => giveUp('never'), verify: async () => giveUp('never') }
  },
})

/** A service whose only playbook has the one step of a fixture. */
export async function start(fixture: StepFixture, beginning: Beginning = {}): Promise<Started> {
  const {
    world = fixture.createWorld(),
    folder = temporaryFolder(),
    turned = new TurnedClock(),
    more,
    setup,
  } = beginning
  const playbooks = [{ name: 'contract', steps: [fixture.step], cooldown: '0s', ...more }]
  const journals: StepJournal[] = []
  const moreSteps = [...(world.setup.moreSteps ?? []), listening(journals)]
  const surroundings = { ...world.setup, ...setup, moreSteps, stepTimeout: fixture.timeout, folder, turned }
  const service = await startRemediation({ mode: 'enforce', playbooks, ...fixture.config }, surroundings)
  const [journal] = journals
  if (journal === undefined) throw new TypeError('no kind was connected')
  return { service, journal, world, folder, turned }
}

export const tell = (service: TestService, address = TARGET) =>
  deliver(service, message([alert(address, { labels: { playbook: 'contract', source_ip: address } })]))

export const stepsOf = ({ ledger }: TestService) =>
  ledger.incidents.list([], 9).flatMap(({ id }) => ledger.steps.of(id))
export const stateOf = (service: TestService) => stepsOf(service)[0]?.state
export const isDone = (service: TestService) =>
  untilStep(service, 'the step is done', () => stateOf(service) === 'done')

/** Waits until something holds of the first step; a step that is refused fails at once, with its kind and the reason. */
export const untilStep = (service: TestService, what: string, holds: () => boolean) =>
  until(what, () => {
    if (holds()) return true
    const [step] = stepsOf(service)
    if (step?.state !== 'refused') return false
    const log = service.log.filter(line => line.includes('could not be planned'))
    throw new Error([`The step ${step.type} is refused: ${step.detail}.`, ...log].join('\n'))
  })

/** Records of the audit trail about a step itself, not about the decision. */
export function recordsOf(
  { ledger }: TestService,
  type: string,
): readonly { status_id: number; activity_id: number }[] {
  const records = ledger.audit.page(0, 999).map(({ record }) => JSON.parse(record))
  return records.filter(({ unmapped }) => unmapped.step === type)
}

export async function counted(service: TestService, type: string, result: string): Promise<number> {
  const text = await (await fetch(`${service.url}metrics`)).text()
  const lines = text.split('\n').filter(line => line.startsWith('clawtrust_remediation_actions_total{'))
  const found = lines.filter(line => line.includes(`action="${type}"`) && line.includes(`result="${result}"`))
  return found.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}

/** Lets an hour pass in which the world answers, so that everything that may be tried again is. */
export async function laterWell({ service, world }: Started): Promise<void> {
  world.answer = 'well'
  world.release()
  for (let minute = 0; minute < 4; minute++) {
    service.clock.pass(61_000)
    await service.tick()
  }
}

export interface Moment {
  readonly folder: string
  readonly world: World
}

/** The ledger and the world as a process leaves them that ends at each boundary of the work: a commit or a change. */
export async function momentsOf(fixture: StepFixture, started: Started, work: () => Promise<void>): Promise<Moment[]> {
  const moments: Moment[] = []
  const snapshot = () => {
    const folder = temporaryFolder()
    cpSync(join(started.folder, 'state'), join(folder, 'state'), { recursive: true })
    rmSync(join(folder, 'state', 'remediation', 'owner.lock'), { force: true })
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

/** True where an attempt of the first step has failed. */
export function attempted({ ledger }: TestService): boolean {
  const [step] = ledger.incidents.list([], 9).flatMap(({ id }) => ledger.steps.of(id))
  return (
    step !== undefined && (step.attempts > 0 || ledger.outbox.of(step.incident).some(({ attempts }) => attempts > 0))
  )
}
