import { writeFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from '@jest/globals'
import { hashSync } from 'bcryptjs'
import { startService, stopAll, temporaryFolder, writeWebConfig } from './fixtures.ts'

afterEach(stopAll)

const users = `basic_auth_users:\n  alice: ${hashSync('right', 4)}\n`

const basic = (user: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
})

describe('access', () => {
  it('is only for the users of the web configuration, on every path', async () => {
    const { url, log } = await startService({ webConfigFile: writeWebConfig(temporaryFolder(), users) })
    for (const path of ['', 'metrics', '-/healthy', 'nowhere']) {
      const response = await fetch(url + path)
      expect(response.status).toBe(401)
      expect(response.headers.get('www-authenticate')).toContain('Basic realm=')
    }
    expect((await fetch(`${url}metrics`, { headers: basic('alice', 'right') })).status).toBe(200)
    expect((await fetch(`${url}metrics`, { headers: basic('alice', 'hunter2') })).status).toBe(401)
    expect((await fetch(`${url}metrics`, { headers: basic('mallory\nlevel=info', 'right') })).status).toBe(401)
    expect(log.join('')).toContain('Sign-in refused.')
    expect(log.join('')).not.toMatch(/hunter2|right/)
  })

  it('follows the web configuration when it changes, and keeps the old one while it is wrong', async () => {
    const file = writeWebConfig(temporaryFolder(), users)
    const { url, service, log } = await startService({ webConfigFile: file })
    writeFileSync(file, 'basic_auth_usrs: {}\n')
    await expect(service.reload()).rejects.toThrow('did you mean "basic_auth_users"?')
    expect((await fetch(url)).status).toBe(401)
    writeFileSync(file, 'http_server_config:\n  headers:\n    X-Frame-Options: ""\n    X-XSS-Protection: "1"\n')
    const deadline = Date.now() + 20_000
    let status = 401
    while (status !== 200 && Date.now() < deadline) {
      await new Promise(resolve => setTimeout(resolve, 50))
      status = (await fetch(url)).status
    }
    const { headers } = await fetch(url)
    expect([headers.get('x-frame-options'), headers.get('x-xss-protection')]).toEqual([null, '1'])
    expect(log.join('')).toContain('Web configuration reloaded.')
  })

  it('stays closed beyond loopback when the users are taken out of the configuration', async () => {
    const file = writeWebConfig(temporaryFolder(), users)
    const { service } = await startService({ webConfigFile: file, listen: { host: '0.0.0.0', port: 0 } })
    writeFileSync(file, '{}\n')
    await expect(service.reload()).rejects.toThrow('without authentication')
  })

  it('is limited in rate by the monotonic clock', async () => {
    const clock = { time: 0, now: () => 0, monotonic: () => clock.time }
    const file = writeWebConfig(temporaryFolder(), 'rate_limit:\n  interval: 1s\n  burst: 2\n')
    const { url } = await startService({ webConfigFile: file, clock })
    const statuses = async () => [(await fetch(url)).status, (await fetch(url)).status, (await fetch(url)).status]
    expect(await statuses()).toEqual([200, 200, 429])
    clock.time = 1_000
    expect(await statuses()).toEqual([200, 429, 429])
    clock.time = 1_000_000
    expect(await statuses()).toEqual([200, 200, 429])
  })
})
