import { afterEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { HOUR_MS, MINUTE_MS } from '../../../core/clock.ts'
import type { Incident } from '../../../remediation/domain/incident.ts'
import { alert, deliver, message, startRemediation, stopAll, type TestService, until } from '../service.ts'

afterEach(stopAll)

const OFFENDER = '192.0.2.1'
const decoy = (index: number) => `11.18.${index}.1`
const TARGETS = [OFFENDER, decoy(0), decoy(1), decoy(2)]
const PLAYBOOKS = ['brute-force', 'spray']

/** Of the configuration of the service under test, milliseconds. */
const [TTL, RANGE, LIFETIME] = [HOUR_MS, 20 * MINUTE_MS, HOUR_MS]

const configuration = (mode: string, limits: Readonly<Record<string, number>>) => ({
  mode,
  limits,
  soft_allow: '1h',
  approval_lifetime: '1h',
  destinations: [{ name: 'chat', template: 'slack', url: 'https://hooks.slack.example/secret' }],
  playbooks: PLAYBOOKS.map(name => ({
    name,
    steps: [
      { type: 'block', ttl: ['1h'] },
      { type: 'request', destination: 'chat' },
    ],
    cooldown: '0s',
  })),
})

interface Persons {
  /** How often a person unblocked the target. */
  readonly unblocks: number
  /** How often a person answered a proposal of the playbook about it. */
  readonly answers: number
}

/**
 * Blocks of one playbook and target in a time, docs/remediation.md: each is followed by the time over which the rules
 * count.
 */
const mostBlocks = (time: number, { unblocks }: Pick<Persons, 'unblocks'>): number =>
  1 + unblocks + Math.floor(time / (TTL + RANGE))

/** Blocks of one target by all playbooks: a person may approve a proposal of another playbook within that time. */
const mostBlocksOfAll = (time: number, { unblocks, approvals }: { unblocks: number; approvals: number }): number =>
  mostBlocks(time, { unblocks }) + approvals

/** Of blocks that began at these times, how many began before the block before them and its quiet time were over. */
const early = (begun: readonly number[]): number => {
  const sorted = begun.toSorted((one, other) => one - other)
  return sorted.filter((time, index) => time - (sorted[index - 1] ?? Number.NEGATIVE_INFINITY) < TTL + RANGE).length
}

/** Messages of one playbook about one target: a proposal that nobody answers lasts its lifetime, and at least as long a pause follows. */
const mostMessages = (time: number, blocks: number, { answers }: Persons): number =>
  1 + answers + 2 * blocks + Math.floor(time / (2 * LIFETIME))

/** What persons did, by target. */
interface Happened {
  unblocks: number
  approvals: number
  /** By playbook. */
  readonly answers: Record<string, number>
}

interface Delivery {
  readonly playbook: string
  readonly target: string
  readonly start: number
  readonly events: number
}

type Step =
  | ({ readonly kind: 'deliver' | 'resolve' } & Delivery)
  | { readonly kind: 'pass'; readonly minutes: number }
  | {
      readonly kind: 'persist'
      readonly playbooks: readonly string[]
      readonly target: string
      readonly minutes: number
      readonly times: number
    }
  | { readonly kind: 'reset' }
  | { readonly kind: 'unblock' | 'approve' | 'reject'; readonly target: string }

const target = fc.constantFrom(...TARGETS)
/** Two Alertmanagers give one attack two start times; a third one is a later attack. */
const playbook = fc.constantFrom(...PLAYBOOKS)
const delivery = fc.record({
  playbook,
  target,
  start: fc.integer({ min: 0, max: 2 }),
  events: fc.integer({ min: 0, max: 9 }),
})
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: delivery.map(about => ({ kind: 'deliver' as const, ...about })) },
    { weight: 1, arbitrary: delivery.map(about => ({ kind: 'resolve' as const, ...about })) },
    { weight: 5, arbitrary: fc.integer({ min: 1, max: 100 }).map(minutes => ({ kind: 'pass' as const, minutes })) },
    {
      weight: 2,
      arbitrary: fc
        .record({
          playbooks: fc.subarray(PLAYBOOKS, { minLength: 1 }),
          target,
          minutes: fc.constantFrom(5, 61, 81),
          times: fc.integer({ min: 2, max: 8 }),
        })
        .map(about => ({ kind: 'persist' as const, ...about })),
    },
    { weight: 1, arbitrary: fc.constant({ kind: 'reset' as const }) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom('unblock' as const, 'approve' as const, 'reject' as const), target)
        .map(([kind, target]) => ({ kind, target })),
    },
  ),
  { minLength: 20, maxLength: 40 },
)

const alertAbout = ({ playbook, target, start, events }: Delivery, status = 'firing') =>
  alert(target, {
    status,
    labels: { alertname: playbook, playbook, source_ip: target },
    fingerprint: `${playbook} ${target}`,
    startsAt: `2026-11-24T0${start}:00:00Z`,
    annotations: { events: String(events) },
  })

const aboutOffender = (start: number, events: number) =>
  alertAbout({ playbook: 'brute-force', target: OFFENDER, start, events })

async function settled(service: TestService): Promise<void> {
  await service.tick()
  const waiting = () => service.metric('clawtrust_remediation_queue_depth{queue="decisions"}')
  await until('everything is decided', async () => (await waiting()) === 0)
}

async function order(service: TestService, kind: 'unblock' | 'approve' | 'reject' | 'reset-breaker', argument: string) {
  const id = await service.ledger.write(() => service.ledger.commands.add(kind, argument, 'alice'))
  service.clock.pass(1_000)
  await until('it is answered', async () => {
    await service.tick()
    return service.ledger.commands.answerOf(id) !== undefined
  })
}

async function take(service: TestService, step: Step, happened: ReadonlyMap<string, Happened>): Promise<void> {
  switch (step.kind) {
    case 'deliver':
    case 'resolve': {
      const status = step.kind === 'deliver' ? 'firing' : 'resolved'
      await deliver(service, message([alertAbout(step, status)]))
      break
    }
    case 'pass':
      service.clock.pass(step.minutes * MINUTE_MS)
      break
    case 'persist':
      for (let time = 0; time < step.times; time += 1) {
        const playbook = step.playbooks[time % step.playbooks.length] as string
        await deliver(service, message([alertAbout({ ...step, playbook, start: 0, events: time })]))
        await settled(service)
        service.clock.pass(step.minutes * MINUTE_MS)
        await settled(service)
      }
      break
    case 'reset':
      await order(service, 'reset-breaker', '')
      break
    case 'unblock':
      await order(service, 'unblock', step.target)
      ;(happened.get(step.target) as Happened).unblocks += 1
      break
    default: {
      const proposal = ofTarget(service, step.target).find(({ state }) => state === 'proposed')
      if (proposal === undefined) break
      await order(service, step.kind, proposal.id)
      const about = happened.get(step.target) as Happened
      if (step.kind === 'approve') about.approvals += 1
      about.answers[proposal.playbook] = (about.answers[proposal.playbook] ?? 0) + 1
    }
  }
  await settled(service)
}

const ofTarget = ({ ledger }: TestService, address: string): readonly Incident[] =>
  ledger.incidents.list([], 9_999).filter(({ target }) => target === address)

const byPlaybook = (incidents: readonly Incident[]): readonly (readonly [string, readonly Incident[]])[] =>
  PLAYBOOKS.map(name => [name, incidents.filter(({ playbook }) => playbook === name)])

const underWay: readonly Incident['state'][] = ['received', 'proposed', 'blocking', 'blocked']

/** When it was decided to block, by the audit trail: one record each. */
const begunBlocks = (service: TestService, incidents: readonly Incident[]): readonly number[] =>
  incidents
    .flatMap(({ id }) => service.ledger.audit.of(id))
    .filter(({ unmapped }) => (unmapped as Record<string, unknown>).state === 'blocking')
    .map(({ time }) => Number(time))

/** The states that decisions gave an incident, by the audit trail. */
const decidedStates = ({ ledger }: TestService, { id }: Incident): readonly unknown[] =>
  ledger.audit
    .of(id)
    .map(({ unmapped }) => unmapped as Record<string, unknown>)
    .flatMap(unmapped => ('policy_version' in unmapped ? [unmapped.state] : []))

describe('whatever is delivered, in whatever order', () => {
  it.each(['enforce', 'approve'])(
    'there is one open incident for each playbook and target, one audit record for each decision, and no more blocks and messages than the formulas allow (mode %s)',
    async mode => {
      await fc.assert(
        fc.asyncProperty(steps, async taken => {
          const service = await startRemediation(configuration(mode, { per_minute: 2, waiting_approvals: 2 }))
          const begun = service.clock.now()
          const happened = new Map<string, Happened>(
            TARGETS.map(address => [address, { unblocks: 0, approvals: 0, answers: {} }]),
          )
          for (const step of taken) {
            await take(service, step, happened)
            for (const [, incidents] of TARGETS.flatMap(address => byPlaybook(ofTarget(service, address)))) {
              const open = incidents.filter(({ state }) => underWay.includes(state))
              expect(open.length).toBeLessThanOrEqual(1)
            }
          }
          for (const [address, persons] of happened) {
            const ofAll = ofTarget(service, address)
            const time = service.clock.now() - begun
            const { unblocks, approvals, answers } = persons
            expect(early(begunBlocks(service, ofAll))).toBeLessThanOrEqual(unblocks + approvals)
            expect(begunBlocks(service, ofAll).length).toBeLessThanOrEqual(mostBlocksOfAll(time, persons))
            for (const [name, incidents] of byPlaybook(ofAll)) {
              const begun = begunBlocks(service, incidents)
              expect(early(begun)).toBeLessThanOrEqual(unblocks)
              expect(begun.length).toBeLessThanOrEqual(mostBlocks(time, persons))
              const sent = incidents.flatMap(({ id }) => service.ledger.outbox.of(id))
              const about = { unblocks, answers: answers[name] ?? 0 }
              expect(sent.length).toBeLessThanOrEqual(mostMessages(time, begun.length, about))
            }
          }
          for (const incident of TARGETS.flatMap(address => ofTarget(service, address))) {
            const [first, ...later] = decidedStates(service, incident)
            expect(['refused', 'proposed', 'blocking']).toContain(first)
            // Of a proposal only: its answer, its end, or its execution when the breaker was closed.
            expect(later.length).toBeLessThanOrEqual(first === 'proposed' ? 1 : 0)
            expect(later).not.toContain(first)
          }
          expect(service.ledger.audit.verify()).toMatchObject({ ok: true })
          await service.stop()
        }),
        { numRuns: 8, endOnFailure: true },
      )
    },
    120_000,
  )
})

describe('an attack that goes on for 8 hours, delivered every 5 minutes by two Alertmanagers', () => {
  it.each([
    ['enforce', { blocks: 6, messages: 6 }],
    ['approve', { blocks: 0, messages: 3 }],
  ])(
    'comes close to the formula, and not beyond it (mode %s)',
    async (mode, expected) => {
      const service = await startRemediation(configuration(mode, {}))
      const begun = service.clock.now()
      for (let round = 0; round < 96; round += 1) {
        for (const start of [0, 1]) await deliver(service, message([aboutOffender(start, 1)]))
        await settled(service)
        service.clock.pass(5 * MINUTE_MS)
        await settled(service)
      }
      const time = service.clock.now() - begun
      const incidents = ofTarget(service, OFFENDER)
      const blocks = begunBlocks(service, incidents).length
      const messages = incidents.flatMap(({ id }) => service.ledger.outbox.of(id)).length
      expect({ blocks, messages }).toEqual(expected)
      expect(blocks).toBeLessThanOrEqual(mostBlocks(time, { unblocks: 0 }))
      expect(messages).toBeLessThanOrEqual(mostMessages(time, blocks, { unblocks: 0, answers: 0 }))
    },
    60_000,
  )
})

describe('an attacker with 60 decoys in 60 networks, each with more events than the true offender', () => {
  const DECOYS = Array.from({ length: 60 }, (_, index) => decoy(index))
  const ROUND = 10 * MINUTE_MS

  it.each(['enforce', 'approve'])(
    'delays the true offender by its turns in the room for approvals, and not for good (mode %s)',
    async mode => {
      const circumstances = fc.record({
        room: fc.integer({ min: 10, max: 30 }),
        /** Decoys whose alerts begin again at every round. */
        flapping: fc.integer({ min: 0, max: 60 }),
        events: fc.integer({ min: 0, max: 1 }),
      })
      await fc.assert(
        fc.asyncProperty(circumstances, async ({ room, flapping, events }) => {
          const service = await startRemediation(configuration(mode, { per_minute: 0, waiting_approvals: room }))
          const reached = () => service.ledger.incidents.latest('brute-force', OFFENDER)?.state === 'proposed'
          // Each turn is a lifetime, and begins with the next round.
          const turns = Math.ceil((DECOYS.length + 1) / room)
          const rounds = turns * Math.ceil((LIFETIME + ROUND) / ROUND)
          let round = 0
          for (; round < rounds && !reached(); round += 1) {
            const minute = String(round % 60).padStart(2, '0')
            const attack = DECOYS.map((address, index) =>
              alert(address, {
                annotations: { events: '9' },
                ...(index < flapping
                  ? { startsAt: `2026-11-24T${String(10 + Math.floor(round / 60))}:${minute}:00Z` }
                  : {}),
              }),
            )
            await deliver(service, message(attack))
            await settled(service)
            await deliver(service, message([aboutOffender(0, events)]))
            await settled(service)
            service.clock.pass(ROUND)
            await settled(service)
          }
          expect(reached()).toBe(true)
          expect(round).toBeGreaterThan(0)
          await service.stop()
        }),
        { numRuns: 3, endOnFailure: true },
      )
    },
    120_000,
  )
})
