import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, expect, it } from '@jest/globals'
import { HOUR_MS } from '../../../../core/clock.ts'
import { alert, deliver, message, startRemediation, stopAll, type TestService, until } from '../../service.ts'

afterEach(stopAll)

const destinations = [
  { name: 'chat', template: 'slack', url: 'https://hooks.slack.example/secret' },
  {
    name: 'tickets',
    template: 'jira',
    url: 'https://jira.example',
    token: 'a@b.example:t',
    fields: { project: 'SEC' },
  },
]

const start = () => startRemediation({ mode: 'enforce', destinations, external_url: 'https://clawtrust.example' })
const isBlocked = (service: TestService) => () => service.ledger.blocks.get('192.0.2.1')?.state === 'applied'

describe('deliveries', () => {
  it('tell chat and tickets once of one incident, however often it is delivered', async () => {
    const service = await start()
    for (const startsAt of ['2026-11-24T00:00:00Z', '2026-11-24T00:00:05Z', '2026-11-24T00:00:05Z']) {
      await deliver(service, message([alert('192.0.2.1', { startsAt })]))
    }
    await until('both are told', () => service.ledger.outbox.count('sent') === 2)
    expect(service.sent.map(({ url }) => url).sort()).toEqual([
      'https://hooks.slack.example/secret',
      'https://jira.example/rest/api/3/issue',
    ])
    expect(service.ledger.outbox.list('sent', 9).map(({ answer }) => answer)).toContain('SEC-1')
  })

  it('wait while the receivers are away for an hour, hold up no block, and are sent once when they are back', async () => {
    const service = await start()
    service.answer = () => {
      throw new TypeError('fetch failed')
    }
    await deliver(service, message([alert('192.0.2.1')]))
    await until('it is blocked all the same', isBlocked(service))
    for (let minute = 0; minute < 60; minute += 5) {
      service.clock.pass(HOUR_MS / 12)
      await service.tick()
      await until(
        'no attempt is under way',
        () => service.ledger.outbox.destinationsDue(service.clock.now()).length === 0,
      )
    }
    const attempts = service.sent.length
    expect(service.ledger.outbox.count('waiting')).toBe(2)
    expect(attempts).toBeGreaterThan(4)
    expect(attempts).toBeLessThan(40)
    service.answer = () => new Response('ok')
    service.clock.pass(HOUR_MS / 4)
    await until('both are told', () => service.ledger.outbox.count('sent') === 2)
    expect(service.sent.length).toBe(attempts + 2)
  }, 30_000)

  it('to a receiver that hangs hold up no other', async () => {
    const service = await start()
    const hanging: (() => void)[] = []
    service.answer = () =>
      service.sent.at(-1)?.url.includes('jira')
        ? new Promise(resolve => hanging.push(() => resolve(new Response('ok'))))
        : new Response('ok')
    const addresses = Array.from({ length: 12 }, (_, host) => `192.0.2.${host + 1}`)
    await deliver(service, message(addresses.map(address => alert(address))))
    await until('the chat is told of all', () => service.ledger.outbox.count('sent') === 12)
    expect(hanging).toHaveLength(4)
    await until('the rest goes out', () => {
      for (const answer of hanging.splice(0)) answer()
      return service.ledger.outbox.count('sent') === 24
    })
  })

  it('that a receiver understood and refused are dead, and go out when they are replayed', async () => {
    const service = await start()
    service.answer = () => new Response('no such project', { status: 400 })
    await deliver(service, message([alert('192.0.2.1')]))
    await until('both are dead', () => service.ledger.outbox.count('dead') === 2)
    expect(await service.metric('clawtrust_remediation_dead_letters')).toBe(2)
    service.answer = () => new Response('ok')
    await service.ledger.write(() => service.ledger.commands.add('replay', 'all', 'alice'))
    service.clock.pass(1_000)
    await until('both are told', () => service.ledger.outbox.count('sent') === 2)
  })

  it('whose row is damaged are dead at once, and hold up no other', async () => {
    const service = await start()
    const giveUpAt = service.clock.now() + HOUR_MS
    const row = { subject: 'damaged', destination: 'chat', body: '{"summary":', createdAt: 0, giveUpAt }
    await service.ledger.write(() => service.ledger.outbox.add(row))
    await until('it is dead', () => service.ledger.outbox.get('damaged', 'chat')?.state === 'dead')
    expect(service.ledger.outbox.get('damaged', 'chat')).toMatchObject({
      attempts: 1,
      lastError: 'its row in the outbox is damaged',
    })
    expect(service.sent).toEqual([])
  })

  it('keep what the receiver says of its refusal, without the token that it quotes', async () => {
    const service = await start()
    service.answer = () => new Response('no such project for\na@b.example:t', { status: 400 })
    await deliver(service, message([alert('192.0.2.1')]))
    await until('both are dead', () => service.ledger.outbox.count('dead') === 2)
    const words = service.ledger.outbox.list('dead', 9).map(({ lastError }) => lastError)
    expect(words).toContain('answered 400: no such project for <secret>')
    const page = await (await fetch(service.url)).text()
    expect(page).toContain('no such project for')
    const tickets = service.ledger.outbox.get(service.ledger.incidents.list([], 1)[0]?.id ?? '', 'tickets')
    expect(JSON.stringify([service.log, service.ledger.audit.page(0, 99), tickets])).not.toContain('a@b.example')
  })

  it('keep no link of an approval that the receiver quotes, because who has it may approve', async () => {
    const service = await startRemediation({
      mode: 'approve',
      destinations: [{ name: 'own', template: 'generic', url: 'https://own.example/hook' }],
      external_url: 'https://clawtrust.example/remediation/',
    })
    service.answer = () => new Response(JSON.stringify(service.sent.at(-1)?.body), { status: 422 })
    await deliver(service, message([alert('192.0.2.1')]))
    await until('it is dead', () => service.ledger.outbox.count('dead') === 1)
    const token = /approvals\/([\w.-]+)/.exec(JSON.stringify(service.sent[0]))?.[1] ?? ''
    expect(token.length).toBeGreaterThan(60)
    const [dead] = service.ledger.outbox.list('dead', 9)
    expect(dead?.lastError).toContain('answered 422')
    const shown = [await (await fetch(service.url)).text(), service.log, service.ledger.audit.page(0, 99)]
    expect(JSON.stringify([dead?.lastError, shown])).not.toContain(token)
  })

  it('are sent once while their result cannot be written, which is tried again', async () => {
    const service = await start()
    const database = new DatabaseSync(join(service.folder, 'state', 'remediation', 'ledger.db'))
    database.exec("CREATE TRIGGER full BEFORE UPDATE ON outbox BEGIN SELECT RAISE(ABORT, 'full'); END")
    await deliver(service, message([alert('192.0.2.1')]))
    await until('both are told', () => service.sent.length === 2)
    for (let look = 0; look < 5; look++) {
      service.clock.pass(1_000)
      await service.tick()
    }
    expect(service.sent).toHaveLength(2)
    expect(service.log.filter(line => line.includes('could not be recorded'))).toHaveLength(2)
    database.exec('DROP TRIGGER full')
    database.close()
    await until('both are recorded', () => service.ledger.outbox.count('sent') === 2)
    expect(service.sent).toHaveLength(2)
    expect(service.ledger.outbox.list('sent', 9).map(({ answer }) => answer)).toContain('SEC-1')
  })

  it('never show their address or token, in no log and in no record', async () => {
    const service = await start()
    service.answer = () => {
      throw new TypeError('fetch failed: https://hooks.slack.example/secret')
    }
    await deliver(service, message([alert('192.0.2.1')]))
    await until('it is tried', () => service.ledger.outbox.list('waiting', 9).every(({ attempts }) => attempts > 0))
    const written = JSON.stringify([
      service.log,
      service.ledger.audit.page(0, 100),
      service.ledger.outbox.list('waiting', 9),
    ])
    expect(written).not.toContain('hooks.slack.example')
    expect(written).not.toContain('a@b.example')
  })
})
