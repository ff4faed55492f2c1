import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { hashSync } from 'bcryptjs'
import { alert, deliver, message, startRemediation, stopAll, temporaryFolder, until } from './service.ts'

afterEach(stopAll)

describe('the service', () => {
  it('that cannot listen says so and leaves its ledger to the next', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise(resolve => other.once('listening', resolve))
    const { port } = other.address() as AddressInfo
    const folder = temporaryFolder()
    const taken = startRemediation({ listen_address: `127.0.0.1:${port}` }, { folder })
    await expect(taken).rejects.toMatchObject({ code: 'LISTEN_FAILED' })
    other.close()
    await startRemediation({}, { folder })
  })

  it('finishes after a restart what an earlier one had only received', async () => {
    const first = await startRemediation({ mode: 'enforce' })
    await deliver(first, message([alert('192.0.2.1')]))
    await until('it is blocked', () => first.ledger.incidents.count('blocked') === 1)
    const [incident] = first.ledger.incidents.list([], 1)
    await first.ledger.write(() => {
      first.ledger.blocks.end('192.0.2.1')
      if (incident !== undefined) first.ledger.incidents.change(incident, { state: 'received', at: 0 })
    })
    const { folder } = first
    await first.stop()
    const second = await startRemediation({ mode: 'enforce' }, { folder })
    await until('it is blocked', () => second.kernel.elements.has('192.0.2.1'))
  })

  it('lets go what was blocked before it came onto the never-block list', async () => {
    const first = await startRemediation({ mode: 'enforce' })
    await deliver(first, message([alert('192.0.2.1'), alert('198.51.100.1')]))
    await until('both are blocked', () => first.ledger.incidents.count('blocked') === 2)
    const { folder, kernel } = first
    await first.stop()
    const never_block = { networks: ['192.0.2.0/24'] }
    const second = await startRemediation({ mode: 'enforce', never_block }, { folder, runNft: kernel.run })
    await until('one is let go', () => !kernel.elements.has('192.0.2.1'))
    expect(kernel.elements.has('198.51.100.1')).toBe(true)
    expect(second.ledger.incidents.list(['unblocked'], 9)).toMatchObject([{ target: '192.0.2.1' }])
  })

  it('shows what is blocked, and why, on its page', async () => {
    const service = await startRemediation({ mode: 'enforce' })
    await deliver(service, message([alert('192.0.2.1'), alert('10.0.0.1')]))
    await until(
      'both are decided on',
      () => service.ledger.incidents.count('blocked') + service.ledger.incidents.count('refused') === 2,
    )
    const page = await (await fetch(service.url)).text()
    for (const text of ['1 address is blocked', '192.0.2.1', '10.0.0.0/8 is never blocked', 'brute-force, mtls']) {
      expect(page.replace('mtls-unknown-source, brute-force', 'brute-force, mtls')).toContain(text)
    }
  })
})

describe('the webhook behind users of the web configuration', () => {
  const withUsers = async (webhook: Record<string, unknown>) => {
    const folder = temporaryFolder()
    const web_config_file = join(folder, 'web.yml')
    writeFileSync(web_config_file, `basic_auth_users:\n  alice: ${hashSync('secret', 4)}\n`)
    return startRemediation({ web_config_file, webhook }, { folder })
  }
  const alice = { authorization: `Basic ${Buffer.from('alice:secret').toString('base64')}` }

  it('asks for its token in place of a user, while the page asks for a user', async () => {
    const { url } = await withUsers({ bearer_token: 'right' })
    expect((await deliver({ url }, message([]))).status).toBe(200)
    expect((await deliver({ url }, message([]), alice)).status).toBe(401)
    expect((await fetch(url)).status).toBe(401)
    expect((await fetch(url, { headers: alice })).status).toBe(200)
  })

  it('asks for a user where it has no token', async () => {
    const { url } = await withUsers({})
    expect((await deliver({ url }, message([]), { authorization: '' })).status).toBe(401)
    expect((await deliver({ url }, message([]), alice)).status).toBe(200)
  })
})
