import { afterEach, describe, expect, it } from '@jest/globals'
import { HOUR_MS, MINUTE_MS } from '../../../core/clock.ts'
import { openLedger } from '../../../remediation/store/ledger.ts'
import {
  alert,
  deliver,
  message,
  startRemediation,
  stopAll,
  type TestService,
  temporaryFolder,
  until,
} from '../service.ts'
import { onFile, writeLedgerV1 } from '../store/ledger-v1.ts'

afterEach(stopAll)

const destinations = [{ name: 'chat', template: 'slack', url: 'https://hooks.slack.example/secret' }]

const oldest = async ({ url }: TestService) => {
  const text = await (await fetch(`${url}metrics`)).text()
  const found = text.matchAll(/^clawtrust_remediation_oldest_pending_seconds\{queue="(\w+)"\} (\S+)$/gm)
  return Object.fromEntries([...found].map(([, queue, seconds]) => [queue, Math.floor(Number(seconds) / 60)]))
}

describe('the age of the oldest that waits, in minutes', () => {
  it('is 0 in every queue where nothing waits', async () => {
    expect(await oldest(await startRemediation())).toEqual({ decisions: 0, approvals: 0, deliveries: 0 })
  })

  it('is that of the first proposal and of the first message, not of those that came after', async () => {
    const service = await startRemediation({ mode: 'approve', destinations })
    service.answer = () => new Response('', { status: 503 })
    await deliver(service, message([alert('192.0.2.1')]))
    await until('it is proposed', () => service.ledger.incidents.count('proposed') === 1)
    service.clock.pass(HOUR_MS)
    await deliver(service, message([alert('192.0.2.2')]))
    await until('the second is proposed', () => service.ledger.incidents.count('proposed') === 2)
    service.clock.pass(10 * MINUTE_MS)
    expect(await oldest(service)).toEqual({ decisions: 0, approvals: 70, deliveries: 70 })
  })

  it('falls when they are decided on and delivered', async () => {
    const operator = { bearer_token: 'operators' }
    const service = await startRemediation({ mode: 'approve', destinations, operator })
    service.answer = () => new Response('', { status: 503 })
    await deliver(service, message([alert('192.0.2.1')]))
    await until('it is proposed', () => service.ledger.incidents.count('proposed') === 1)
    service.answer = () => new Response('ok')
    service.clock.pass(HOUR_MS)
    const [proposal] = service.ledger.incidents.list(['proposed'], 1)
    await fetch(`${service.url}commands/approve`, {
      method: 'POST',
      headers: { authorization: 'Bearer operators' },
      body: new URLSearchParams({ argument: proposal?.id ?? '' }),
    })
    await until('the messages are out', () => service.ledger.outbox.count('waiting') === 0)
    expect(await oldest(service)).toEqual({ decisions: 0, approvals: 0, deliveries: 0 })
  })
})

it('a ledger of before gets the index by which the oldest delivery is found', async () => {
  const folder = temporaryFolder()
  const path = writeLedgerV1(folder)
  onFile(path, database => database.exec('DROP INDEX outbox_by_age'))
  await openLedger(folder).close()
  const asked = "SELECT created_at FROM outbox WHERE state = 'waiting' ORDER BY created_at LIMIT 1"
  const plan = onFile(path, database => database.prepare(`EXPLAIN QUERY PLAN ${asked}`).all())
  expect(JSON.stringify(plan)).toContain('outbox_by_age')
})
