import { request } from 'node:http'
import { isIP } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { hashSync } from 'bcryptjs'
import fc from 'fast-check'
import { isKnownHost } from '../../../service/http/request-host.ts'
import { codePoint } from '../../code-point.ts'
import { getWithHost, startService, stopAll, temporaryFolder, writeWebConfig } from './fixtures.ts'

afterEach(stopAll)

const hosts = { listen: '::', machine: 'Monitor-1', configured: ['exporter', 'clawtrust.example.'] }

describe('the Host of a request', () => {
  it.each([
    ['127.0.0.1'],
    ['127.0.0.1:9847'],
    ['192.0.2.7:80'],
    ['[::1]'],
    ['[::1]:9847'],
    ['[2001:DB8::1]:9847'],
    ['localhost'],
    ['LocalHost:9847'],
    ['localhost.:9847'],
    ['localhost:'],
    ['monitor-1'],
    ['exporter:9847'],
    ['EXPORTER.'],
    ['clawtrust.example'],
    ['clawtrust.example.:9847'],
  ])('%s is a name of the service', host => {
    expect(isKnownHost(host, hosts)).toBe(true)
  })

  it.each([
    [undefined],
    [''],
    ['.'],
    [':9847'],
    ['attacker.example'],
    ['localhost.attacker.example'],
    ['127.0.0.1.attacker.example'],
    ['attacker.example:127.0.0.1'],
    ['clawtrust.example..'],
    ['user@localhost'],
    ['localhost@attacker.example'],
    ['user:password@127.0.0.1'],
    ['::1'],
    ['[::1'],
    ['[localhost]'],
    ['[127.0.0.1]'],
    ['[::1%attacker.example]'],
    ['[::1]attacker.example'],
    ['localhost:port'],
    ['localhost:9847:9847'],
    ['localhost/'],
    ['http://localhost'],
    ['localhost, attacker.example'],
    [' localhost'],
    ['127.1'],
    ['0x7f000001'],
    ['2130706433'],
    ['1.2.3.4.5'],
    ['localhost'.padEnd(300, '.')],
  ])('%s is refused', host => {
    expect(isKnownHost(host, hosts)).toBe(false)
  })

  it('is the listen address, where that is a name', () => {
    expect(isKnownHost('clawtrust.internal:1', { ...hosts, listen: 'clawtrust.internal' })).toBe(true)
  })

  it('is never a text that is neither an address nor a known name', () => {
    const pieces = fc.constantFrom(
      'localhost',
      'exporter',
      '127.0.0.1',
      '::1',
      '[',
      ']',
      ':',
      '.',
      '@',
      'evil',
      '80',
      '%',
      '',
    )
    const hostile = fc.oneof(
      fc.string({ unit: codePoint }),
      fc.array(pieces).map(parts => parts.join('')),
    )
    fc.assert(
      fc.property(hostile, host => {
        if (!isKnownHost(host, hosts)) return
        const bare = host.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '')
        const names = ['localhost', 'monitor-1', 'exporter', 'clawtrust.example']
        expect(names.includes(bare) || isIP(bare.replace(/^\[(.*)\]$/, '$1')) !== 0).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })

  it('with any port and in any case is what it is without', () => {
    const name = fc.constantFrom('localhost', 'exporter', 'evil.example', '[::1]', '10.0.0.1')
    fc.assert(
      fc.property(name, fc.nat(65_535), (host, port) => {
        expect(isKnownHost(`${host.toUpperCase()}:${port}`, hosts)).toBe(isKnownHost(host, hosts))
      }),
    )
  })
})

describe('a service without authentication', () => {
  it('answers a foreign Host with 421 on every path, and the sentence names the key', async () => {
    const { url } = await startService({ hosts: () => ['exporter'] })
    for (const path of ['', 'metrics', '-/healthy', 'nowhere']) {
      expect(await getWithHost(url + path, 'rebound.example')).toEqual([
        421,
        expect.stringContaining('web.allowed_hosts'),
      ])
    }
    expect((await getWithHost(`${url}metrics`, 'exporter:9847'))[0]).toBe(200)
  })

  it('judges the host of an absolute target, which precedes the header', async () => {
    const { url } = await startService()
    const { port } = new URL(url)
    const statusOf = (target: string, host: string) =>
      new Promise<number>((resolve, reject) => {
        request({ port, path: target, headers: { host } }, response => resolve(response.resume().statusCode ?? 0))
          .on('error', reject)
          .end()
      })
    expect(await statusOf('http://rebound.example/metrics', 'localhost')).toBe(421)
    expect(await statusOf('HTTP://rebound.example', 'localhost')).toBe(421)
    expect(await statusOf('http://localhost/metrics', 'rebound.example')).toBe(200)
  })

  it('consults no forwarded header', async () => {
    const { url } = await startService()
    const forwarded = { 'x-forwarded-host': 'localhost', forwarded: 'host=localhost' }
    expect((await getWithHost(url, 'rebound.example', forwarded))[0]).toBe(421)
    expect((await getWithHost(url, 'localhost', { 'x-forwarded-host': 'rebound.example' }))[0]).toBe(200)
  })
})

it('a user who has signed in may use any Host; without the password the answer is 401', async () => {
  const users = `basic_auth_users:\n  alice: ${hashSync('right', 4)}\n`
  const { url } = await startService({ webConfigFile: writeWebConfig(temporaryFolder(), users) })
  const authorization = `Basic ${Buffer.from('alice:right').toString('base64')}`
  expect((await getWithHost(url, 'proxy.example', { authorization }))[0]).toBe(200)
  expect((await getWithHost(url, 'proxy.example'))[0]).toBe(401)
})
