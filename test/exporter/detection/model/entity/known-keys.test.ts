import { describe, expect, it } from '@jest/globals'
import { hashKey } from '../../../../../exporter/detection/model/entity/key-hash.ts'
import { KnownKeys } from '../../../../../exporter/detection/model/entity/known-keys.ts'
import { alone } from '../alone.ts'

const create = () => alone(layout => new KnownKeys(layout, 0))

describe('KnownKeys', () => {
  it('distinguishes new, seen once and known', () => {
    const { part: keys, state } = create()
    expect(keys.see(state, 1, 100, 1)).toEqual({ kind: 'new' })
    expect(keys.see(state, 1, 200, 1)).toEqual({ kind: 'once', at: 100 })
    expect(keys.see(state, 1, 300, 1)).toEqual({ kind: 'known' })
    expect(keys.see(state, 2, 300, 5)).toEqual({ kind: 'new' })
    expect(keys.see(state, 2, 400, 1)).toEqual({ kind: 'known' })
  })

  it('holds 100,000 keys and lets go of the one not seen for the longest', () => {
    const { part: keys, state } = create()
    for (let key = 0; key < 100_000; key++) keys.see(state, key, 1000 + key, 1)
    keys.see(state, 0, 200_000, 1)
    keys.see(state, 2 ** 53 - 1, 200_001, 1)
    expect(keys.size(state)).toBe(100_000)
    expect(keys.evicted(state)).toBe(1)
    expect(keys.see(state, 0, 200_002, 1).kind).toBe('known')
    expect(keys.see(state, 1, 200_003, 1).kind).toBe('new')
  })
})

describe('hashKey', () => {
  it('keeps 200,000 addresses apart, within 53 bits', () => {
    const hashes = new Set<number>()
    for (let i = 0; i < 200_000; i++) hashes.add(hashKey(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`, 7))
    expect(hashes.size).toBe(200_000)
    expect([...hashes].every(Number.isSafeInteger)).toBe(true)
  })

  it('depends on its seed', () => {
    expect(hashKey('alice', 1)).not.toBe(hashKey('alice', 2))
  })
})
