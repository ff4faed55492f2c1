import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { createDispatcher } from '../../../../decoding/dispatch.ts'
import { dialects } from '../../../../decoding/registry.ts'

const { decode } = createDispatcher(dialects)
const NOW = Date.parse('2026-11-30T00:00:00Z')

const listOf = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../fixtures/openclaw/posture/${name}`, import.meta.url), 'utf8'))

function tokensOf(list: object) {
  const { decoding } = decode({ id: '1', body: { ...list, '@timestamp': new Date(NOW).toISOString() } })
  if (decoding.kind !== 'device_tokens') throw new Error(`not a list but ${JSON.stringify(decoding)}`)
  expect(decoding.time).toBe(NOW)
  return decoding.tokens
}

const device = { deviceId: 'D', tokens: [{ role: 'operator', scopes: ['operator.read'], createdAtMs: 5 }] }
const list = (...paired: readonly object[]) => ({ pending: [], paired })

describe('the list of devices of a gateway', () => {
  it('names the tokens of a captured one: in use, because the device is connected', () => {
    expect(tokensOf(listOf('devices-list.real.json'))).toEqual([
      {
        device: 'd70fa8890070db9321159a5e6aef16423b450186ce2748ffd4197afcf2e69b39',
        role: 'node',
        scopes: [],
        label: 'Build node 1',
        created: 1795987088593,
        rotated: 1795987108920,
        used: NOW,
      },
    ])
  })

  it('has no revoked token', () => {
    expect(tokensOf(listOf('devices-list.synthetic.json'))).toEqual([
      {
        device: 'e8f4c85e325c131cc3ad6359abf0a3f6ec017ff9f18f99bf1506c8d027a69814',
        role: 'operator',
        scopes: ['operator.read', 'operator.write'],
        created: 1779000000000,
        used: 1781000000000,
      },
    ])
  })

  it('may be empty', () => {
    expect(tokensOf(list())).toEqual([])
  })

  it('has the name that an operator gave a device, and not the one that the device gave itself', () => {
    expect(tokensOf(list({ ...device, displayName: 'threat-hunt' }))[0]).not.toHaveProperty('label')
    expect(tokensOf(list({ ...device, operatorLabel: 'Hunter' }))[0]).toMatchObject({ label: 'Hunter' })
  })

  it.each<[string, object]>([
    ['text for a time', { ...device, lastSeenAtMs: '5' }],
    ['no list of tokens', { ...device, tokens: 'none' }],
    ['tokens that are none', { ...device, tokens: [null, 7, 'token', {}] }],
    ['scopes that are none', { ...device, tokens: [{ role: 'operator', scopes: { a: 1 } }] }],
    [
      'a time of before 1970',
      { ...device, tokens: [{ role: 'operator', scopes: [], createdAtMs: -1, rotatedAtMs: 1.5 }] },
    ],
  ])('is read as far as it can be, with %s', (_, odd) => {
    for (const token of tokensOf(list(odd))) {
      expect(token).not.toHaveProperty('used')
      expect(token.role).toBe('operator')
    }
  })

  it.each([[{ pending: [], paired: [{}] }], [{ pending: {}, paired: [] }], [{ pending: [], paired: [7] }]])(
    'is not taken for one: %j',
    other => {
      expect(decode({ id: '1', body: other }).decoder).toBe('none')
    },
  )
})
