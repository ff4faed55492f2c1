import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
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

  it('stays open to who has signed in, while others flood it with passwords', async () => {
    const limited = `${users}rate_limit:\n  interval: 1h\n  burst: 3\n`
    const { url } = await startService({ webConfigFile: writeWebConfig(temporaryFolder(), limited) })
    const status = async (password: string) => (await fetch(url, { headers: basic('alice', password) })).status
    expect(await status('right')).toBe(200)
    expect(await Promise.all(['a', 'b', 'c', 'd'].map(status))).toEqual(expect.arrayContaining([401, 429]))
    expect([await status('right'), await status('right'), await status('e')]).toEqual([200, 200, 429])
  })
})

describe('connections', () => {
  const open = async (port: string, localAddress: string) => {
    const socket = connect({ port: Number(port), host: '127.0.0.1', localAddress })
    socket.on('error', () => {})
    await once(socket, 'connect')
    return socket
  }

  const flooded = async (port: string, localAddress: string, count: number) => {
    const sockets = await Promise.all(Array.from({ length: count }, () => open(port, localAddress)))
    const closed = sockets.map(socket => new Promise(resolve => socket.resume().once('close', resolve)))
    return { sockets, firstClosed: () => Promise.race(closed), destroy: () => sockets.map(socket => socket.destroy()) }
  }

  /** The whole answer, or as much as came before the end of the connection. */
  const ask = async (port: string, localAddress: string, headers = '') => {
    const socket = await open(port, localAddress)
    let answer = ''
    const answered = new Promise<void>(resolve => {
      socket.once('close', () => resolve())
      socket.setEncoding('utf8').on('data', data => {
        answer += data
        if (answer.endsWith('\r\n0\r\n\r\n')) resolve()
      })
    })
    socket.write(`GET /metrics HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`)
    await answered
    return { answer, socket }
  }

  it('of one address are limited, and leave room for others; a trusted proxy may have more', async () => {
    const { url, log } = await startService({ isTrustedProxy: address => address === '127.0.0.3' })
    const { port } = new URL(url)
    const flood = await flooded(port, '127.0.0.2', 129)
    // One waits: the one that has been quiet longest is closed for it.
    await flood.firstClosed()
    expect((await fetch(url)).status).toBe(200)
    const proxy = await flooded(port, '127.0.0.3', 130)
    expect((await fetch(`${url}metrics`)).status).toBe(200)
    expect(proxy.sockets.filter(socket => socket.closed)).toEqual([])
    expect(log.filter(line => line.includes('Connections of one address wait'))).toHaveLength(1)
    flood.destroy()
    proxy.destroy()
  })

  it('over the limit wait and are answered, beside a flood of quiet ones of the same address; none is reset', async () => {
    const { url } = await startService()
    const { port } = new URL(url)
    const flood = await flooded(port, '127.0.0.2', 300)
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(port, '127.0.0.2', 'Connection: close\r\n')))
    expect(answers.filter(({ answer }) => !answer.startsWith('HTTP/1.1 200'))).toEqual([])
    flood.destroy()
  })

  it('are closed with their response while others of the address wait', async () => {
    const { url } = await startService()
    const { port } = new URL(url)
    const answers = await Promise.all(Array.from({ length: 400 }, () => ask(port, '127.0.0.2')))
    expect(answers.filter(({ answer }) => answer.startsWith('HTTP/1.1 200'))).toHaveLength(400)
    expect(answers.some(({ answer }) => /^connection: close\r$/im.test(answer))).toBe(true)
    for (const { socket } of answers) socket.destroy()
  })

  it('with an authenticated request are not closed for a flood of the same address', async () => {
    const { url } = await startService({ webConfigFile: writeWebConfig(temporaryFolder(), users) })
    const { port } = new URL(url)
    const known = await open(port, '127.0.0.2')
    const { authorization } = basic('alice', 'right')
    const request = `GET /metrics HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${authorization}\r\n\r\n`
    const answered = async () => {
      known.write(request)
      return String((await once(known, 'data'))[0])
    }
    expect(await answered()).toContain('HTTP/1.1 200')
    const flood = await flooded(port, '127.0.0.2', 200)
    await flood.firstClosed()
    // No other one could have its place: it is not closed with its response either.
    for (const _ of [1, 2]) expect(await answered()).toMatch(/^HTTP\/1.1 200[\s\S]*^connection: keep-alive\r$/im)
    known.destroy()
    flood.destroy()
  })
})
