import { describe, expect, it } from '@jest/globals'
import { hashKey } from '../../../../exporter/anomaly/entity/key-hash.ts'
import { KnownKeys } from '../../../../exporter/anomaly/entity/known-keys.ts'

describe('KnownKeys', () => {
  it('tells new, seen once and known apart', () => {
    const keys = new KnownKeys()
    expect(keys.see(1, 100, 1)).toEqual({ kind: 'new' })
    expect(keys.see(1, 200, 1)).toEqual({ kind: 'once', at: 100 })
    expect(keys.see(1, 300, 1)).toEqual({ kind: 'known' })
    expect(keys.see(2, 300, 5)).toEqual({ kind: 'new' })
    expect(keys.see(2, 400, 1)).toEqual({ kind: 'known' })
  })

  it('holds 100,000 keys and lets go of the one not seen for the longest', () => {
    const keys = new KnownKeys()
    for (let key = 0; key < 100_000; key++) keys.see(key, 1000 + key, 1)
    keys.see(0, 200_000, 1)
    keys.see(-1, 200_001, 1)
    expect(keys.size).toBe(100_000)
    expect(keys.evicted).toBe(1)
    expect(keys.see(0, 200_002, 1).kind).toBe('known')
    expect(keys.see(1, 200_003, 1).kind).toBe('new')
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
