import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { HOUR_MS } from '../../../core/clock.ts'
import type { SecurityEvent } from '../../../core/event.ts'
import {
  DEFAULT_PAIR_HORIZON_MS,
  PAIR_WAIT_MS,
  type PairException,
  Pairing,
  type PairingOptions,
} from '../../../exporter/pipeline/pairing.ts'
import { SavedParts } from '../../../exporter/pipeline/saved-parts.ts'
import { KeyRuns } from '../../../service/state/key-runs.ts'
import type { SavedBlob } from '../../../service/state/state.ts'
import { SavedBlobs } from '../../service/state/saved-state.ts'
import { claim, eventOfClaim as event, NOON } from './fixtures.ts'

type Role = 'leading' | 'deputy' | 'partner'

const clock = { now: () => NOON }
const line = (key: string, role: Role) => claim({ pair: { key, role } })
const restored = (blobs: readonly SavedBlob[], options: Partial<PairingOptions> = {}) => {
  const pairing = new Pairing({ clock, source: 'log', ...options })
  new SavedParts(pairing.persistents).restore({ blobs, documents: [] })
  return pairing
}
const changesOf = (pairing: Pairing) => new SavedParts(pairing.persistents).changes()

describe('pairing', () => {
  it('counts a claim without a pair at once, every time', () => {
    const pairing = new Pairing({ clock, source: 'log' })
    expect(pairing.admit(claim(), event(NOON), NOON)).toBeDefined()
    expect(pairing.admit(claim(), event(NOON), NOON)).toBeDefined()
  })

  it.each<[Role, Role]>([
    ['leading', 'partner'],
    ['partner', 'leading'],
  ])('counts the leading line of %s and %s, with its own repeats', (first, second) => {
    const pairing = new Pairing({ clock, source: 'log' })
    const counted = [first, second].filter(role => pairing.admit(line('c1', role), event(NOON), NOON))
    expect(counted).toEqual(['leading'])
    expect(pairing.release(NOON + 10 * PAIR_WAIT_MS)).toEqual([])
  })

  it('counts a lone partner when the watermark has passed it by a minute, not earlier', () => {
    const pairing = new Pairing({ clock, source: 'log' })
    const alone = event(NOON, {
      count: 4,
      ingestTime: NOON + 5,
      actor: { address: '192.0.2.1', addressTrusted: true, identity: 'é\u2028"\\', device: 'd' },
    })
    expect(pairing.admit(line('c1', 'partner'), alone, NOON)).toBeUndefined()
    expect(pairing.oldestWaiting()).toBe(NOON)
    expect(pairing.release(NOON + PAIR_WAIT_MS - 1)).toEqual([])
    expect(pairing.release(NOON + PAIR_WAIT_MS)).toEqual([alone])
    expect(pairing.oldestWaiting()).toBe(Number.POSITIVE_INFINITY)
    expect(pairing.admit(line('c1', 'leading'), event(NOON), NOON + PAIR_WAIT_MS)).toBeUndefined()
  })

  it('keeps why the address of a partner that waits is unknown', () => {
    const pairing = new Pairing({ clock, source: 'log' })
    const known = event(NOON)
    const unknown = event(NOON, { actor: { addressTrusted: false, addressUnknown: 'forwarded_truncated' } })
    for (const [key, one] of Object.entries({ known, unknown })) pairing.admit(line(key, 'partner'), one, NOON)
    expect(pairing.release(NOON + PAIR_WAIT_MS)).toEqual(expect.arrayContaining([known, unknown]))
  })

  describe('of lines in plain text, whose address is not believed,', () => {
    const plain = (parts: Partial<SecurityEvent> = {}) =>
      event(NOON, { actor: { addressTrusted: false, addressUnknown: 'console_text' }, ...parts })
    const WRONG = { mechanism: 'shared_secret', reason: 'token_mismatch' }
    const OTHER = { mechanism: 'other', reason: 'other' }

    it.each<[Role, Role]>([
      ['partner', 'deputy'],
      ['deputy', 'partner'],
    ])('counts the deputy of %s and %s, when the first of them has waited', (first, second) => {
      const pairing = new Pairing({ clock, source: 'log' })
      const labels = { deputy: WRONG, partner: OTHER, leading: {} }
      pairing.admit(line('c1', first), plain({ labels: labels[first] }), NOON)
      pairing.admit(line('c1', second), plain({ labels: labels[second] }), NOON + 30_000)
      expect([pairing.waiting, pairing.release(NOON + PAIR_WAIT_MS)]).toEqual([1, [plain({ labels: WRONG })]])
      expect(pairing.admit(line('c1', 'deputy'), plain(), NOON + PAIR_WAIT_MS)).toBeUndefined()
      expect(pairing.release(NOON + 10 * PAIR_WAIT_MS)).toEqual([])
    })

    it('lets no more than so many of them wait: those that came first count', () => {
      const pairing = new Pairing({ clock, source: 'log', maxTexts: 10 })
      const numbered = (count: number) => plain({ count })
      for (let key = 1; key <= 25; key++) pairing.admit(line(`c${key}`, 'partner'), numbered(key), 0)
      pairing.admit(line('known', 'partner'), event(NOON), 0)
      expect(pairing.isDue(0)).toBe(true)
      expect(pairing.release(0).map(({ count }) => count)).toEqual(Array.from({ length: 15 }, (_, at) => at + 1))
      expect([pairing.waiting, pairing.isDue(0)]).toEqual([11, false])
      expect(pairing.admit(line('c1', 'leading'), event(NOON), 0)).toBeUndefined()
      expect(pairing.admit(line('c25', 'leading'), event(NOON), 0)).toBeDefined()
    })

    it('lets none wait that is dated before the minute that it would wait', () => {
      const pairing = new Pairing({ clock, source: 'log' })
      pairing.admit(line('c1', 'deputy'), plain(), NOON + PAIR_WAIT_MS)
      expect(pairing.release(NOON + PAIR_WAIT_MS)).toEqual([plain()])
    })

    it('does not count them later, however many of them follow', () => {
      const pairing = new Pairing({ clock, source: 'log' })
      for (let at = NOON; at < NOON + PAIR_WAIT_MS; at += 1_000) pairing.admit(line('c1', 'deputy'), plain(), at)
      expect(pairing.release(NOON + PAIR_WAIT_MS - 1)).toEqual([])
      expect(pairing.release(NOON + PAIR_WAIT_MS)).toEqual([plain()])
    })

    it.each<[Role, Role]>([
      ['deputy', 'leading'],
      ['leading', 'deputy'],
      ['partner', 'leading'],
    ])('counts the line with an address at once, and none of them: %s and %s', (first, second) => {
      const pairing = new Pairing({ clock, source: 'log' })
      const counted = [first, second].filter(role =>
        pairing.admit(line('c1', role), role === 'leading' ? event(NOON) : plain(), NOON),
      )
      expect([counted, pairing.release(NOON + 10 * PAIR_WAIT_MS)]).toEqual([['leading'], []])
    })

    it.each(['before', 'after'])('counts a lone partner with an address %s a deputy without one', when => {
      const pairing = new Pairing({ clock, source: 'log' })
      const known = event(NOON, { actor: { addressTrusted: true, address: '192.0.2.1' } })
      const lines = [
        () => pairing.admit(line('c1', 'partner'), known, NOON),
        () => pairing.admit(line('c1', 'deputy'), plain(), NOON),
      ]
      for (const admit of when === 'before' ? lines : lines.toReversed()) admit()
      expect(pairing.release(NOON + PAIR_WAIT_MS)).toEqual([known])
    })

    it('is the same after a restart between the lines', () => {
      const first = new Pairing({ clock, source: 'log' })
      first.admit(line('c1', 'partner'), plain({ labels: OTHER }), NOON)
      const saved = new SavedBlobs()
      saved.add(changesOf(first).blobs)
      const second = restored(saved.all())
      second.admit(line('c1', 'deputy'), plain({ labels: WRONG }), NOON)
      expect(second.release(NOON + PAIR_WAIT_MS)).toEqual([plain({ labels: WRONG })])
    })
  })

  it('holds no minute open that has closed before', () => {
    const pairing = new Pairing({ clock, source: 'log' })
    pairing.admit(line('late', 'partner'), event(NOON - HOUR_MS / 2), NOON)
    pairing.admit(line('new', 'partner'), event(NOON + 70_000), NOON)
    expect(pairing.oldestWaiting(NOON)).toBe(NOON + 60_000)
  })

  it('joins two lines that come an hour late in neighbouring batches', () => {
    const pairing = new Pairing({ clock, source: 'log' })
    const old = NOON - 3_600_000
    expect(pairing.admit(line('c1', 'partner'), event(old), NOON)).toBeUndefined()
    expect(pairing.release(NOON + 1000)).toEqual([])
    expect(pairing.admit(line('c1', 'leading'), event(old + 20), NOON + 1000)).toBeDefined()
    expect(pairing.release(NOON + 10 * PAIR_WAIT_MS)).toEqual([])
  })

  it('keeps gateways and streams apart that use the same key', () => {
    const pairing = new Pairing({ clock, source: 'log' })
    const lines = [
      pairing.admit(line('c1', 'leading'), event(NOON, { gateway: 'a' }), NOON),
      pairing.admit(line('c1', 'leading'), event(NOON, { gateway: 'b' }), NOON),
      pairing.admit({ ...line('c1', 'leading'), stream: 'security-event' }, event(NOON, { gateway: 'a' }), NOON),
    ]
    expect(lines.filter(Boolean)).toHaveLength(3)
  })

  it.each([80_000, 180_000, DEFAULT_PAIR_HORIZON_MS - 1])(
    'drops the partner that comes %d ms of the watermark after its leading line',
    apart => {
      const exceptions: PairException[] = []
      const pairing = new Pairing({ clock, source: 'log', onException: exception => exceptions.push(exception) })
      expect(pairing.admit(line('c1', 'leading'), event(NOON), NOON)).toBeDefined()
      pairing.release(NOON + apart)
      expect(pairing.admit(line('c1', 'partner'), event(NOON), NOON + apart)).toBeUndefined()
      expect(pairing.release(NOON + apart + 2 * PAIR_WAIT_MS)).toEqual([])
      expect(exceptions).toEqual([])
    },
  )

  it('drops a leading line whose partner was counted alone, and names it', () => {
    const exceptions: PairException[] = []
    const pairing = new Pairing({ clock, source: 'log', onException: exception => exceptions.push(exception) })
    pairing.admit(line('c1', 'partner'), event(NOON), NOON)
    expect(pairing.release(NOON + PAIR_WAIT_MS)).toHaveLength(1)
    expect(pairing.admit(line('c1', 'leading'), event(NOON), NOON + 2 * PAIR_WAIT_MS)).toBeUndefined()
    expect(exceptions).toEqual(['leading_after_partner'])
  })

  it('names a line that it counts although its other line may have been counted and forgotten', () => {
    const exceptions: PairException[] = []
    const pairing = new Pairing({ clock, source: 'log', onException: exception => exceptions.push(exception) })
    const late = NOON + DEFAULT_PAIR_HORIZON_MS + PAIR_WAIT_MS
    pairing.admit(line('c1', 'leading'), event(NOON), NOON)
    pairing.admit(line('c2', 'leading'), event(NOON), NOON)
    pairing.release(late)
    pairing.admit(line('c1', 'partner'), event(NOON), late)
    expect(pairing.release(late + PAIR_WAIT_MS)).toHaveLength(1)
    expect(pairing.admit(line('c2', 'leading'), event(NOON), late)).toBeDefined()
    expect(exceptions).toEqual(['beyond_horizon', 'beyond_horizon'])
  })

  it('names a line that is dated days ahead, whose key is not kept that long', () => {
    const exceptions: PairException[] = []
    const pairing = new Pairing({ clock, source: 'log', onException: exception => exceptions.push(exception) })
    expect(pairing.admit(line('c1', 'leading'), event(NOON + 72 * HOUR_MS), NOON)).toBeDefined()
    expect(exceptions).toEqual(['beyond_horizon'])
    expect(pairing.admit(line('c1', 'partner'), event(NOON + 72 * HOUR_MS), NOON + 24 * HOUR_MS)).toBeUndefined()
    expect(pairing.waiting).toBe(0)
  })

  it('takes lines of any year', () => {
    for (const year of [0, 1969, 1970, 2026, 9999]) {
      for (const minute of [0, 1, 59]) {
        const time = Date.UTC(year, 11, 31, 23, minute)
        const pairing = new Pairing({ clock, source: 'log' })
        const told = (role: Role) => pairing.admit(line('c1', role), event(time), Number.NEGATIVE_INFINITY)
        expect([told('leading'), told('partner'), told('leading')].map(Boolean)).toEqual([true, false, false])
      }
    }
  })

  it('remembers the pairs of a gateway whose clock is hours ahead', () => {
    const exceptions: PairException[] = []
    const pairing = new Pairing({ clock, source: 'log', onException: exception => exceptions.push(exception) })
    const ahead = NOON + 5 * HOUR_MS
    expect(pairing.admit(line('c1', 'leading'), event(ahead), NOON)).toBeDefined()
    pairing.release(NOON + 3 * HOUR_MS)
    expect(pairing.admit(line('c1', 'partner'), event(ahead), NOON + 3 * HOUR_MS)).toBeUndefined()
    expect(pairing.release(ahead + HOUR_MS)).toEqual([])
    expect(exceptions).toEqual([])
  })

  it.each<readonly [Role, Role]>([
    ['leading', 'partner'],
    ['partner', 'leading'],
  ])('counts 120,000 connections of one millisecond once each, all lines of one role first: %s', (...roles) => {
    const pairing = new Pairing({ clock, source: 'log' })
    let counted = 0
    for (const role of roles) {
      for (let n = 0; n < 120_000; n++) if (pairing.admit(line(`c${n}`, role), event(NOON), NOON)) counted++
    }
    expect(counted + pairing.release(NOON + 2 * PAIR_WAIT_MS).length).toBe(120_000)
  })

  it('counts the same with a memory for 10,000 keys and the rest on the disk, through a restart', () => {
    const folder = mkdtempSync(join(tmpdir(), 'clawtrust-keys-'))
    const runs = [new KeyRuns(join(folder, '1')), new KeyRuns(join(folder, '2'))] as const
    const options = { clock, source: 'log', maxKeys: 10_000 }
    const saved = new SavedBlobs()
    let pairing = new Pairing({ ...options, overflow: runs[0] })
    const admitted = (role: Role, from: number, to: number) => {
      let count = 0
      for (let n = from; n < to; n++) {
        const time = NOON + n * 20
        if (pairing.admit(line(`c${n}`, role), event(time), time)) count++
        if (n % 1_000 === 0) saved.add(changesOf(pairing).blobs)
      }
      return count
    }
    expect(admitted('leading', 0, 60_000)).toBe(60_000)
    expect(runs[0].size).toBeGreaterThan(40_000)
    expect(admitted('partner', 0, 60_000)).toBe(0)
    expect(pairing.waiting).toBe(0)

    // What was moved out since the last commit is not in the state: a restart knows nothing of it, as of its counts.
    saved.add(changesOf(pairing).blobs)
    admitted('leading', 60_001, 60_900)
    pairing = restored(saved.all(), { ...options, overflow: runs[1] })
    expect(runs[1].size).toBeGreaterThan(40_000)
    expect(admitted('leading', 0, 60_000)).toBe(0)
    expect(admitted('leading', 60_001, 60_900)).toBe(899)

    pairing.release(NOON + 10 * HOUR_MS)
    expect(runs[1].size).toBe(0)
    rmSync(folder, { recursive: true })
  })

  it('keeps keys in memory while the disk takes none, and says so', () => {
    const overflow = {
      get: () => undefined,
      expire: () => undefined,
      add: () => {
        throw new Error('no space left')
      },
    }
    const pairing = new Pairing({ clock, source: 'log', maxKeys: 10, overflow })
    for (let n = 0; n < 10_000; n++) pairing.admit(line(`c${n}`, 'leading'), event(NOON), NOON)
    expect(() => pairing.bound()).toThrow('no space left')
    expect(pairing.admit(line('c77', 'partner'), event(NOON), NOON)).toBeUndefined()
    expect(pairing.waiting).toBe(0)
    const saved = new SavedBlobs()
    saved.add(changesOf(pairing).blobs)
    const after = restored(saved.all(), { maxKeys: 10, overflow })
    expect(() => after.bound()).toThrow('no space left')
    expect(after.admit(line('c77', 'leading'), event(NOON), NOON)).toBeUndefined()
  })

  it('saves an event that waits until it leaves, and a counted key until its horizon has passed', () => {
    const pairing = new Pairing({ clock, source: 'log' })
    const saved = new SavedBlobs()
    for (let second = 0; second < 2 * 3600; second += 5) {
      const now = NOON + second * 1000
      if (second < 600) {
        pairing.admit(line(`waits${second}`, 'partner'), event(now), now)
        pairing.admit(line(`counts${second}`, 'leading'), event(now), now)
      }
      pairing.release(now)
      saved.add(changesOf(pairing).blobs)
    }
    expect(saved.all()).toEqual([])
  })

  it('restores the pairs of the layout of 0.1, which ended a minute after they were counted', () => {
    const pairing = new Pairing({ clock, source: 'log' })
    const until = NOON + PAIR_WAIT_MS
    const name = `pairs/"log"/${until / 1000}`
    const waits = event(NOON, { record: { source: 'log', id: 'w' } })
    const value = [
      ['2 gw file-log counted', null],
      ['2 gw file-log waits', JSON.parse(JSON.stringify(waits))],
    ]
    new SavedParts(pairing.persistents).restore({ blobs: [], documents: [{ name, value }] })
    expect(pairing.admit(line('counted', 'partner'), event(NOON), NOON + HOUR_MS / 2)).toBeUndefined()
    expect(changesOf(pairing).documents).toEqual([{ name, value: null }])
    expect(pairing.release(NOON + HOUR_MS)).toEqual([waits])
  })

  it('counts every connection once, however lines, watermark, commits and restarts interleave', () => {
    const connection = fc.record({
      time: fc.nat(300_000),
      roles: fc.constantFrom<Role[]>(['leading'], ['partner'], ['partner', 'leading'], ['leading', 'partner']),
      apart: fc.nat(1_000_000),
    })
    const run = fc.record({
      connections: fc.array(connection, { minLength: 1, maxLength: 12 }),
      watermarks: fc.array(fc.nat(2_000_000), { maxLength: 10 }),
      commits: fc.array(fc.nat(2_000_000), { maxLength: 6 }),
      restarts: fc.array(fc.nat(2_000_000), { maxLength: 2 }),
    })
    fc.assert(
      fc.property(run, ({ connections, watermarks, commits, restarts }) => {
        const happenings = [
          ...connections.flatMap(({ time, roles, apart }, index) =>
            roles.map((role, at) => ({ at: time + at * apart, line: { index, role, time } })),
          ),
          ...watermarks.map(at => ({ at, watermark: true })),
          ...commits.map(at => ({ at, commit: true })),
          ...restarts.map(at => ({ at, restart: true })),
        ].sort((a, b) => a.at - b.at)
        const counted = new Map<string, number>()
        const count = (id: string) => counted.set(id, (counted.get(id) ?? 0) + 1)
        const saved = new SavedBlobs()
        let pairing = new Pairing({ clock, source: 'log' })
        let watermark = 0
        for (const happening of happenings) {
          if ('line' in happening) {
            const { index, role, time } = happening.line
            const told = event(time, { record: { source: 'log', id: `c${index}` } })
            if (pairing.admit(line(`c${index}`, role), told, watermark)) count(`c${index}`)
          } else if ('watermark' in happening) {
            watermark = happening.at
            for (const { record } of pairing.release(watermark)) count(record.id)
          } else {
            saved.add(changesOf(pairing).blobs)
            if ('restart' in happening) pairing = restored(saved.all())
          }
        }
        for (const { record } of pairing.release(10_000_000)) count(record.id)
        expect(counted).toEqual(new Map(connections.map((_, index) => [`c${index}`, 1])))
      }),
      { numRuns: 300 },
    )
  })
})
