import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import type { CliContext } from '../../cli/context.ts'
import { runProgram } from '../../cli/program.ts'
import { alert, deliver, message, startRemediation, stopAll, type TestService, until } from '../remediation/service.ts'

afterEach(stopAll)

async function withBlock(): Promise<TestService> {
  const service = await startRemediation({ mode: 'enforce' })
  await deliver(service, message([alert('192.0.2.1', { annotations: { summary: '\u001b[2J\u202e' } })]))
  await until('it is blocked', () => service.ledger.incidents.count('blocked') === 1)
  return service
}

async function run({ folder }: TestService, ...args: string[]) {
  writeFileSync(join(folder, 'clawtrust.yml'), 'remediation: { state_dir: state }\n')
  let out = ''
  let err = ''
  const context: Partial<CliContext> = {
    version: '1.2.3',
    folder,
    user: 'alice',
    stdout: { write: text => (out += text) },
    stderr: { write: text => (err += text) },
  }
  const code = await runProgram(['remediation', ...args], context as CliContext)
  return { code, out, err }
}

describe('clawtrust remediation', () => {
  it('lists incidents, and those of one state', async () => {
    const service = await withBlock()
    const [incident] = service.ledger.incidents.list([], 1)
    expect((await run(service, 'list')).out).toMatch(
      new RegExp(`^${incident?.id}  .* blocked +192.0.2.1  brute-force until `),
    )
    expect((await run(service, 'list', 'proposed')).out).toBe('No incidents.\n')
    expect(await run(service, 'list', 'blokked')).toMatchObject({
      code: 2,
      err: expect.stringContaining('is not a state'),
    })
  })

  it('shows one with its evidence and its records, and nothing that a terminal would obey', async () => {
    const service = await withBlock()
    const id = service.ledger.incidents.list([], 1)[0]?.id ?? ''
    const { out } = await run(service, 'show', id)
    expect(out).toContain('"class_uid": 7004')
    expect(out).toContain('policy_version')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/)
    expect(await run(service, 'show', 'nothing')).toMatchObject({ code: 2 })
  })

  it('unblocks by the running service, in the name of who asked', async () => {
    const service = await withBlock()
    const { code, out } = await run(service, 'unblock', '192.0.2.1')
    expect([code, out]).toEqual([0, expect.stringContaining('192.0.2.1 is unblocked')])
    expect(service.kernel.elements.has('192.0.2.1')).toBe(false)
    expect(JSON.stringify(service.ledger.audit.page(0, 99))).toContain('unblocked by alice')
  })

  it('lists an incident of a host with the network that is blocked in its place', async () => {
    const service = await startRemediation({ mode: 'enforce' })
    const hosts = ['a', 'b', 'c'].map(host => `2001:db8:1:2::${host}`)
    for (const host of hosts) await deliver(service, message([alert(host, { fingerprint: host })]))
    await until('the network is blocked', () => service.kernel.elements.has('2001:db8:1:2::/64'))
    await until('it is recorded', () => service.ledger.blocks.get('2001:db8:1:2::/64')?.state === 'applied')
    expect((await run(service, 'list')).out).toMatch(
      /blocked +2001:db8:1:2::c {2}brute-force, its network 2001:db8:1:2::\/64 until /,
    )
  })

  it('unblocks for the time that was chosen, and says until when', async () => {
    const service = await withBlock()
    const until = (days: number) => new Date(service.clock.now() + days * 86_400_000).toISOString().slice(0, 10)
    expect((await run(service, 'unblock', '192.0.2.1', '--for', '3d')).out).toContain(`before ${until(3)}`)
    expect((await run(service, 'unblock', '192.0.2.1', '--for', 'long')).out).toContain('long is not a duration')
  })

  it('answers in a sentence where there is nothing to approve, reject or replay', async () => {
    const service = await withBlock()
    expect((await run(service, 'approve', 'nothing')).out).toBe('There is no incident nothing.\n')
    expect((await run(service, 'replay', 'all')).out).toBe('There is no dead letter all.\n')
    expect((await run(service, 'unblock', 'gateway')).out).toBe('gateway is not an address or network.\n')
  })

  it('approves and rejects what waits, and replays what died', async () => {
    const destinations = [{ name: 'chat', template: 'slack', url: 'https://hooks.slack.example/secret' }]
    const service = await startRemediation({ mode: 'approve', destinations })
    service.answer = () => new Response('', { status: 404 })
    await deliver(service, message([alert('192.0.2.1'), alert('192.0.2.2')]))
    await until('both are proposed and the chat is lost', () => service.ledger.outbox.count('dead') === 2)
    const [one, other] = service.ledger.incidents.list(['proposed'], 2)
    expect((await run(service, 'approve', one?.id ?? '')).out).toContain(`${one?.target} is blocked for 1 h`)
    expect((await run(service, 'reject', other?.id ?? '')).out).toContain('was rejected by alice')
    expect([...service.kernel.elements.keys()]).toEqual([one?.target])
    expect((await run(service, 'list', 'dead-letters')).out).toMatch(/^[0-9a-f]{16}\/chat .* answered 404\n/)
    service.answer = () => new Response('ok')
    expect((await run(service, 'replay', `${one?.id}/chat`)).out).toBe('1 dead letter queued to be sent again.\n')
    await until('it is told', () => service.ledger.outbox.count('sent') === 1)
    expect((await run(service, 'replay', 'all')).out).toBe('1 dead letter queued to be sent again.\n')
  })

  it('tells of the breaker, and resets it in the name of who asked', async () => {
    const service = await startRemediation({ mode: 'enforce', limits: { per_minute: 0 } })
    expect((await run(service, 'breaker')).out).toBe('The breaker is closed.\n')
    await deliver(service, message([alert('192.0.2.1')]))
    await until('it is proposed', () => service.ledger.incidents.count('proposed') === 1)
    // The command line has no turned clock: it sees what the ledger says until when the breaker is open.
    await service.ledger.write(() => {
      const open = { cap: 'per_minute', openedAt: Date.now(), closesAt: Date.now() + 3_600_000 }
      service.ledger.documents.set('breaker', { open })
    })
    expect((await run(service, 'breaker')).out).toMatch(
      /^The breaker is open since .*Z: the limit per_minute was reached/,
    )
    expect((await run(service, 'reset-breaker')).out).toContain('The breaker is closed and rate limits are reset.')
    expect((await run(service, 'breaker')).out).toBe('The breaker is closed.\n')
    expect(JSON.stringify(service.ledger.audit.page(0, 99))).toContain('the breaker was reset by alice')
  })

  it('verifies the ledger and tells its head', async () => {
    const service = await withBlock()
    expect((await run(service, 'verify-ledger')).out).toMatch(/^2 records verify; the head is [0-9a-f]{64}\.\n$/)
  })

  it('tells a ledger that was written anew from the one whose head was noted', async () => {
    const service = await withBlock()
    const head = /[0-9a-f]{64}/.exec((await run(service, 'verify-ledger')).out)?.[0] ?? ''
    await run(service, 'unblock', '192.0.2.1')
    expect(await run(service, 'verify-ledger', '--head', head)).toMatchObject({ code: 0 })
    expect(await run(service, 'verify-ledger', '--head', head.replace(/^./, 'x'))).toMatchObject({
      code: 1,
      err: expect.stringContaining('it was replaced'),
    })
  })

  it('says where no ledger is', async () => {
    const service = await withBlock()
    const { code, err } = await run(service, 'list', '--state.dir', join(service.folder, 'elsewhere'))
    expect([code, err]).toEqual([2, expect.stringContaining('holds no ledger')])
  })
})
