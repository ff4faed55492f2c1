import { chmodSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { hashSync } from 'bcryptjs'
import { withCommands } from '../requirements.ts'
import { makeCertificate } from '../service/http/fixtures.ts'
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

it('says which host that must never be blocked has no address, and protects the nodes of Elasticsearch', async () => {
  const never_block = { hosts: ['gone.invalid', 'idp.example'] }
  const service = await startRemediation(
    { mode: 'enforce', never_block },
    {
      sources: [{ type: 'elasticsearch', nodes: ['https://[2001:db8::9]:9200', 'http://elastic.example:9200'] }],
      discoverNetworks: async hosts => {
        const names = ['gone.invalid', 'idp.example', '2001:db8::9', 'elastic.example', '127.0.0.1']
        expect(hosts.map(({ host }) => host)).toEqual(names)
        return hosts.flatMap(({ host, reason }, index) =>
          host === 'gone.invalid' ? [] : [{ network: `198.51.100.${index}`, reason }],
        )
      },
    },
  )
  expect(service.log.filter(line => line.includes('has no address'))).toEqual([expect.stringContaining('gone.invalid')])
  await deliver(service, message([alert('198.51.100.3')]))
  await until('it is refused', () => service.ledger.incidents.count('refused') === 1)
  expect(service.ledger.incidents.list([], 1)[0]?.facts.detail).toContain('address of elastic.example')
})

it('takes its token from a file, and the new one after a reload', async () => {
  const folder = temporaryFolder()
  const bearer_token_file = join(folder, 'token')
  writeFileSync(bearer_token_file, 'right\n')
  const service = await startRemediation({ mode: 'enforce', webhook: { bearer_token_file } }, { folder })
  expect((await deliver(service, message([]))).status).toBe(200)
  writeFileSync(bearer_token_file, 'newer\n')
  expect((await fetch(`${service.url}-/reload`, { method: 'POST' })).status).toBe(200)
  expect((await deliver(service, message([]))).status).toBe(401)
  expect((await deliver(service, message([]), { authorization: 'Bearer newer' })).status).toBe(200)
})

withCommands('openssl').describe('the webhook behind client certificates', () => {
  it('takes alerts of who shows one of the authority, and of nobody else', async () => {
    const folder = temporaryFolder()
    for (const name of ['server', 'alertmanager', 'mallory']) makeCertificate(folder, name)
    const web_config_file = join(folder, 'web.yml')
    const tls = [
      'cert_file: server.crt',
      'key_file: server.key',
      'client_auth_type: RequireAndVerifyClientCert',
      'client_ca_file: alertmanager.crt',
    ]
    writeFileSync(web_config_file, `tls_server_config: {${tls.join(', ')}}\n`)
    const service = await startRemediation({ mode: 'enforce', web_config_file, webhook: {} }, { folder })
    const send = (name?: string) => postWithCertificate(`${service.url}alertmanager`, folder, name)
    expect(await send('alertmanager')).toBe(200)
    await until('it is blocked', () => service.kernel.elements.has('192.0.2.1'))
    await expect(send('mallory')).rejects.toThrow()
    await expect(send()).rejects.toThrow()
  })
})

/** Delivers an alert with a client certificate of the folder, or none; gives the status. */
function postWithCertificate(url: string, folder: string, name?: string): Promise<number> {
  const pem = (kind: string) => readFileSync(join(folder, `${name}.${kind}`))
  const shown = name === undefined ? {} : { cert: pem('crt'), key: pem('key') }
  return new Promise((resolve, reject) => {
    const sending = request(url, { method: 'POST', rejectUnauthorized: false, ...shown }, response => {
      resolve(response.statusCode ?? 0)
      response.resume()
    })
    sending.on('error', reject)
    sending.end(message([alert('192.0.2.1')]))
  })
}

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

describe('a ledger of an earlier version', () => {
  it('is found directly in the state folder and moved, and the log says so', async () => {
    const folder = temporaryFolder()
    const before = await startRemediation({}, { folder })
    await deliver(before, message([alert('192.0.2.1')]))
    await before.stop()
    const state = join(folder, 'state')
    renameSync(join(state, 'remediation', 'ledger.db'), join(state, 'ledger.db'))
    chmodSync(join(state, 'ledger.db'), 0o644)
    const after = await startRemediation({}, { folder })
    expect(after.ledger.incidents.list([], 10)).toMatchObject([{ target: '192.0.2.1' }])
    expect(after.log.join('')).toMatch(/The state of an earlier version was moved .*state to .*state\/remediation/)
    expect(statSync(join(state, 'remediation', 'ledger.db')).mode & 0o777).toBe(0o600)
  })
})
