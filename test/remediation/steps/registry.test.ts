import { afterEach, describe, expect, it } from '@jest/globals'
import { referenceRows } from '../../../core/config/reference.ts'
import { remediationSchema, remediationSchemaOf } from '../../../remediation/config.ts'
import type { ProtectedHost } from '../../../remediation/domain/protected.ts'
import type { ShippedStep } from '../../../remediation/steps/registry.ts'
import { startRemediation, stopAll, temporaryFolder, until } from '../service.ts'
import { fixtures } from './fixtures.ts'
import { Flags, flagFixture, flagKind } from './made-up.ts'
import { isDone, registry, start, stepsOf, tell } from './played.ts'

afterEach(stopAll)

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

  it('has the hosts to which it connects on the never-block list', async () => {
    const network = '198.51.100.5'
    const discoverNetworks = async (hosts: readonly ProtectedHost[]) =>
      hosts.flatMap(({ host, reason }) => (host === 'flags.example' ? [{ network, reason }] : []))
    const more = { steps: [fixtures.block.step] }
    const { service } = await start(flagFixture, { more, setup: { discoverNetworks } })
    await tell(service, network)
    await until('it is refused', () => service.ledger.incidents.count('refused') === 1)
    const [incident] = service.ledger.incidents.list(['refused'], 1)
    expect(incident?.facts.detail).toBe(`${network} is never blocked: address of flag register`)
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

describe('a kind whose plan throws', () => {
  it.each(['observe', 'approve', 'enforce'])('refuses the incident in mode %s, once, with a record', async mode => {
    const { service, world } = await start(flagFixture, {
      world: new Flags([], () => JSON.parse('no JSON')),
      more: { mode },
    })
    await tell(service)
    await until('it is decided on', () => service.ledger.incidents.count('received') === 0)
    service.clock.pass(6_000)
    await service.tick()
    const detail = 'the step flag could not be planned; the log has the error'
    expect(service.ledger.incidents.list([], 9)).toMatchObject([
      { state: 'refused', facts: { reason: 'plan_failed', detail } },
    ])
    expect(stepsOf(service)).toMatchObject([{ type: 'flag', state: 'refused', detail }])
    const records = service.ledger.audit.page(0, 99).map(({ record }) => JSON.parse(record).message)
    expect(records.filter(text => text === `refused: ${detail}`)).toHaveLength(1)
    expect(service.log.filter(line => line.includes('could not be planned'))).toHaveLength(1)
    expect(await service.metric('clawtrust_remediation_refusals_total{reason="plan_failed"}')).toBe(1)
    expect(world.count()).toBe(0)
  })

  it('refuses a proposal that a person approves', async () => {
    let isFaulty = false
    const plan: typeof flagKind.plan = (...args) => (isFaulty ? JSON.parse('no JSON') : flagKind.plan(...args))
    const { service } = await start(flagFixture, { world: new Flags([], plan), more: { mode: 'approve' } })
    await tell(service)
    await until('it is proposed', () => service.ledger.incidents.count('proposed') === 1)
    isFaulty = true
    const [proposal] = service.ledger.incidents.list(['proposed'], 1)
    const id = await service.ledger.write(() => service.ledger.commands.add('approve', proposal?.id ?? '', 'alice'))
    service.clock.pass(1_000)
    await until('it is answered', () => service.ledger.commands.answerOf(id) !== undefined)
    expect(service.ledger.commands.answerOf(id)).toBe(
      'Refused: the step flag could not be planned; the log has the error.',
    )
    expect(service.ledger.incidents.count('refused')).toBe(1)
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
