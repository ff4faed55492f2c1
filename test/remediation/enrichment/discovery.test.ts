import { networkInterfaces } from 'node:os'
import { expect, it } from '@jest/globals'
import { discoverNetworks } from '../../../remediation/enrichment/discovery.ts'

it('finds what names and addresses stand for, each with the reason that it was asked for, and the addresses of this machine', async () => {
  const found = await discoverNetworks([
    { host: 'localhost', reason: 'address of destination chat' },
    { host: '192.0.2.7', reason: 'address of destination tickets' },
    { host: '2001:db8::7', reason: 'address of destination hook' },
    { host: 'a name that nobody has', reason: 'address of nobody' },
  ])
  expect(found).toContainEqual({ network: '192.0.2.7', reason: 'address of destination tickets' })
  expect(found).toContainEqual({ network: '2001:db8::7', reason: 'address of destination hook' })
  const local = found.filter(({ reason }) => reason === 'address of destination chat').map(({ network }) => network)
  expect(local.some(network => network === '127.0.0.1' || network === '::1')).toBe(true)
  expect(found.map(({ reason }) => reason)).not.toContain('address of nobody')
  for (const name of Object.keys(networkInterfaces())) {
    expect(found.map(({ reason }) => reason)).toContain(`own address on ${name}`)
  }
})
