import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { folderLease } from '../../../compliance/schedule/folder-lease.ts'
import { bothLeases, type Lease } from '../../../compliance/schedule/lease.ts'
import {
  CLOCK_TOLERANCE_MS,
  freed,
  heldBy,
  isHeld,
  LEASE_MS,
  leaseOf,
} from '../../../compliance/schedule/lease-document.ts'

const NOW = Date.parse('2026-12-01T06:00:00Z')

describe('a lease document', () => {
  const held = heldBy('a', leaseOf(undefined), NOW)

  it('is free where it is absent, damaged, or given up', () => {
    expect([undefined, null, 'x', [], {}, { holder: 7 }].map(source => isHeld(leaseOf(source), NOW))).not.toContain(
      true,
    )
    expect(isHeld(leaseOf({ holder: 'a', expires: 'soon' }), NOW)).toBe(false)
    expect(isHeld(freed(held, []), NOW)).toBe(false)
  })

  it('is free where it would expire later than any lease can: its holder had a clock that was ahead', () => {
    expect(isHeld(heldBy('a', leaseOf(undefined), NOW + 365 * 86_400_000), NOW)).toBe(false)
    expect(isHeld(heldBy('a', leaseOf(undefined), NOW + CLOCK_TOLERANCE_MS), NOW)).toBe(true)
  })

  it('is held until it has expired, also by a clock that is five minutes ahead', () => {
    expect(isHeld(held, NOW)).toBe(true)
    expect(isHeld(held, NOW + LEASE_MS + CLOCK_TOLERANCE_MS)).toBe(true)
    expect(isHeld(held, NOW + LEASE_MS + CLOCK_TOLERANCE_MS + 1)).toBe(false)
  })

  it('has a time in every state, as Elasticsearch takes the field for one', () => {
    for (const { expires } of [held, freed(held, [])]) expect(Date.parse(expires)).not.toBeNaN()
  })

  it('tells the next holder which periods are reported, the newest first and 24 at most', () => {
    const months = Array.from({ length: 30 }, (_, index) => `20${20 + index}-01`)
    const next = freed(freed(held, months.slice(0, 20)), months.slice(15))
    expect(next.reported).toEqual(months.slice(-24).reverse())
    expect(leaseOf(JSON.parse(JSON.stringify(next)))).toEqual(next)
  })
})

describe('two leases together', () => {
  const given = (name: string, log: string[], lost = new AbortController()) => ({
    lost,
    acquire: async (): Promise<Lease> => ({
      signal: lost.signal,
      reported: [name],
      release: async reported => void log.push(`${name} ${reported}`),
    }),
  })

  it('are had together, lost with either, and given up in turn', async () => {
    const log: string[] = []
    const [outer, inner] = [given('outer', log), given('inner', log)]
    const lease = await bothLeases(outer.acquire, inner.acquire)()
    expect(lease?.reported).toEqual(['outer', 'inner'])
    inner.lost.abort()
    expect(lease?.signal.aborted).toBe(true)
    await lease?.release(['2026-11'])
    expect(log).toEqual(['inner 2026-11', 'outer 2026-11'])
  })

  it('are not had where one is not, and then none is kept', async () => {
    const log: string[] = []
    const { acquire } = given('outer', log)
    expect(await bothLeases(acquire, async () => undefined)()).toBeUndefined()
    expect(await bothLeases(async () => undefined, acquire)()).toBeUndefined()
    await expect(bothLeases(acquire, () => Promise.reject(new Error('away')))()).rejects.toThrow('away')
    expect(log).toEqual(['outer ', 'outer '])
  })
})

describe('the lease of a folder', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'clawtrust-lease-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('is had by one at a time, and by the next when it is given up', async () => {
    const first = await folderLease(folder)()
    expect(first).toBeDefined()
    expect(await folderLease(folder)()).toBeUndefined()
    await first?.release([])
    const second = await folderLease(folder)()
    expect(second).toBeDefined()
    await second?.release([])
  })
})
