import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { addressOf, readDump } from '../../../../exporter/sources/wireguard/dump.ts'

const read = (name: string) =>
  readFileSync(new URL(`../../../fixtures/wireguard/${name}.real.txt`, import.meta.url), 'utf8')

const KEY = 'W81dKr+1RrhjQxMApWWDt+uktyzJcZMomRCskhgRB1o='
const line = (...fields: readonly string[]) => `${fields.join('\t')}\n`
const peer = (endpoint: string, handshake = '1') =>
  line('wg0', KEY, 'cHJlc2hhcmVk', endpoint, '10.77.0.9/32', handshake, '0', '0', 'off')

describe('the dump of wg', () => {
  it('gives the peers of all interfaces, with endpoint and last handshake', () => {
    expect(readDump(read('never'))).toEqual([
      {
        interfaceName: 'ctwgb',
        publicKey: 'Oghp+cVttA/Tylp0IjTBkEHppakhhsj8Sjf83GVYIHQ=',
        endpoint: '10.76.0.1:51820',
        lastHandshake: 1_795_884_454_000,
      },
      { interfaceName: 'ctwgb', publicKey: KEY, lastHandshake: 0 },
    ])
    for (const name of ['fresh', 'stale', 'unknown']) expect(readDump(read(name))).toHaveLength(2)
  })

  it('gives no private and no preshared key', () => {
    const text = line('wg0', 'cHJpdmF0ZSBrZXk=', KEY, '51820', 'off') + peer('[2001:db8::1]:51820')
    const peers = readDump(text)
    expect(peers).toEqual([
      { interfaceName: 'wg0', publicKey: KEY, endpoint: '[2001:db8::1]:51820', lastHandshake: 1_000 },
    ])
    expect(JSON.stringify(peers)).not.toMatch(/cHJ/)
  })

  it('is empty where there is no interface, and nothing where it is another text', () => {
    expect(readDump('')).toEqual([])
    for (const text of [
      'interface: wg0\n',
      'x',
      line('wg0', 'a', 'b', 'c'),
      peer('evil.example:1'),
      peer('(none)', '-1'),
    ]) {
      expect(readDump(text)).toBeUndefined()
    }
  })

  it('does no harm, whatever it is', () => {
    const field = fc.oneof(fc.string(), fc.constantFrom('wg0', KEY, '(none)', '1', '10.0.0.1:1'))
    fc.assert(
      fc.property(fc.array(fc.array(field, { maxLength: 10 })), rows => {
        const peers = readDump(rows.map(fields => fields.join('\t')).join('\n')) ?? []
        for (const { publicKey, endpoint } of peers) {
          expect(publicKey).toHaveLength(44)
          if (endpoint !== undefined) expect(endpoint).toMatch(/^[[\]\w.:%]{5,80}$/)
        }
      }),
    )
  })

  it('has addresses of both families', () => {
    expect([addressOf('10.76.0.1:51820'), addressOf('[2001:db8::1]:51820')]).toEqual(['10.76.0.1', '[2001:db8::1]'])
  })
})
