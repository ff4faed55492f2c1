import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  alert,
  deliver,
  message,
  startRemediation,
  stopAll,
  type TestService,
  until,
} from '../../remediation/service.ts'
import { type Gateway, startGateway } from '../openclaw/gateway.ts'
import { eventually } from '../servers/eventually.ts'

const TOKEN = 'hook-token-only-for-tests-9Qx'

describe('a real OpenClaw gateway', () => {
  let gateway: Gateway
  let service: TestService

  beforeAll(async () => {
    gateway = await startGateway({ hooks: { enabled: true, token: TOKEN, allowedAgentIds: ['main'] } })
    service = await startRemediation(
      {
        mode: 'enforce',
        playbooks: [
          {
            name: 'brute-force',
            steps: [
              { type: 'block', ttl: ['1h'] },
              { type: 'request', destination: 'triage' },
            ],
          },
        ],
        destinations: [
          {
            name: 'triage',
            template: 'openclaw-agent',
            url: gateway.url,
            token: TOKEN,
            fields: { agent_id: 'main' },
            timeout: '30s',
          },
        ],
      },
      { fetch },
    )
  }, 300_000)

  afterAll(async () => {
    await stopAll()
    await gateway?.stop()
  }, 60_000)

  it('takes the brief of an incident by its own hook, once, and tells of the run in its log', async () => {
    await deliver(service, message([alert('192.0.2.1')]))
    await until(
      'the delivery has an answer',
      () =>
        service.ledger.outbox.list('waiting', 9).length === 0 &&
        service.ledger.outbox.count('sent') + service.ledger.outbox.count('dead') > 0,
      40_000,
    )
    const [delivery] = [...service.ledger.outbox.list('sent', 9), ...service.ledger.outbox.list('dead', 9)]
    expect(delivery).toMatchObject({ state: 'sent', attempts: 1, answer: expect.stringMatching(/./) })
    const run = delivery?.answer ?? ''
    await eventually(
      'the log tells of the run',
      async () => (await readFile(gateway.log, 'utf8')).includes(run) || undefined,
    )
  }, 90_000)
})
