import { describe, expect, it } from '@jest/globals'
import type { SignalName } from '../../../core/signals.ts'
import { MOST_ZEROS } from '../../../exporter/contracts/subscriber.ts'
import { Losses } from '../../../exporter/pipeline/losses.ts'
import { Minutes } from '../../../exporter/pipeline/minutes.ts'
import { SavedParts } from '../../../exporter/pipeline/saved-parts.ts'
import { failure, Listener, NOON } from './fixtures.ts'

const MINUTE = 60_000
const START = NOON / 1000

class Table {
  readonly listener = new Listener()
  readonly losses = new Losses()
  readonly minutes = new Minutes({ subscribers: this.listener, losses: this.losses })

  /** The source is read up to this minute. */
  read(minute: number, source = 's'): void {
    this.minutes.advance(source, NOON + minute * MINUTE)
    while (this.minutes.close(7));
  }

  event(minute: number, signal: SignalName = 'auth_failures', gateway = 'gw', source = 's'): void {
    const parts = { signal, gateway, record: { source, id: '1' } }
    this.minutes.add(source, failure(NOON + minute * MINUTE, parts))
  }

  /** What was emitted at once of series with this signal: first minute, end, and counts. */
  emitted(signal: SignalName, gateway = 'gw') {
    const number = (time: number) => (time - START) / 60
    return this.listener.told
      .filter(({ key }) => key.signal === signal && key.gateway === gateway)
      .map(({ first, end, counts }) => ({ first: number(first), end: number(end), counts: [...counts].length }))
  }

  closed(signal: SignalName): number[] {
    return this.listener.closed.filter(({ key }) => key.signal === signal).map(({ start }) => (start - START) / 60)
  }

  /** The table after a restart. @param rows which rows of the state there are */
  restarted(rows = (_name: string) => true): Table {
    const documents = new SavedParts(this.minutes.persistents).changes().documents
    const after = new Table()
    const saved = documents.filter(({ name }) => rows(name)) as never
    new SavedParts(after.minutes.persistents).restore({ documents: saved, blobs: [] })
    after.minutes.restore([], new Set(['s', 't']))
    return after
  }
}

describe('a series whose first event comes late', () => {
  it('begins with zeros when its gateway began to be watched, emitted at once and before its first minute', () => {
    const table = new Table()
    table.event(0)
    table.read(200)
    table.event(200, 'auth_sprays')
    expect(table.emitted('auth_sprays')).toEqual([])
    table.read(203)
    expect(table.emitted('auth_sprays')).toEqual([{ first: 0, end: 200, counts: 0 }])
    expect(table.closed('auth_sprays')).toEqual([200, 201, 202])
  })

  it('begins with so many zeros at most', () => {
    const table = new Table()
    table.read(0)
    table.event(0)
    table.read(10_000)
    table.event(10_000, 'auth_lockouts')
    table.read(10_001)
    expect(table.emitted('auth_lockouts')).toEqual([{ first: 10_000 - MOST_ZEROS, end: 10_000, counts: 0 }])
  })

  it('begins with its source where no gateway of it was known', () => {
    const table = new Table()
    table.read(0)
    table.read(500)
    table.event(500)
    table.read(501)
    expect(table.emitted('auth_failures')).toEqual([{ first: 0, end: 500, counts: 0 }])
  })

  it('does not begin in 1970, where a file that is read from its beginning stands first', () => {
    const table = new Table()
    table.minutes.advance('s', 0)
    table.event(-3)
    table.read(0)
    table.event(10, 'posture_drifts')
    table.read(11)
    expect(table.emitted('auth_failures')).toEqual([])
    expect(table.emitted('posture_drifts')).toEqual([{ first: -3, end: 10, counts: 0 }])
    const quiet = new Table()
    quiet.minutes.advance('s', 0)
    quiet.read(0)
    quiet.event(20)
    quiet.read(21)
    expect(quiet.emitted('auth_failures')).toEqual([{ first: 0, end: 20, counts: 0 }])
  })

  it('begins with the oldest event of its source where a backlog was read at once', () => {
    const table = new Table()
    table.event(-300)
    table.read(0)
    table.event(10, 'posture_drifts')
    table.read(11)
    expect(table.emitted('posture_drifts')).toEqual([{ first: -300, end: 10, counts: 0 }])
  })

  it('begins with that event where its gateway was not known and others were: it may be new, or made up', () => {
    const table = new Table()
    table.event(0)
    table.read(500)
    table.event(500, 'auth_failures', 'made-up')
    table.event(700, 'auth_lockouts', 'made-up')
    table.read(701)
    expect(table.emitted('auth_failures', 'made-up')).toEqual([])
    expect(table.emitted('auth_lockouts', 'made-up')).toEqual([{ first: 500, end: 700, counts: 0 }])
  })

  it('does not begin before the source that reports it is read', () => {
    const table = new Table()
    table.event(0)
    table.read(0)
    table.read(300, 't')
    table.event(400, 'mtls_handshake_failures', 'gw', 't')
    table.read(401)
    table.read(401, 't')
    expect(table.emitted('mtls_handshake_failures')).toEqual([{ first: 300, end: 400, counts: 0 }])
  })

  it('is emitted once, with the minutes before its oldest event, in whatever order its events come', () => {
    const table = new Table()
    table.read(0)
    for (const minute of [60, 50, 55, 40]) table.event(minute)
    table.read(61)
    expect(table.emitted('auth_failures')).toEqual([{ first: 0, end: 40, counts: 0 }])
    expect(table.closed('auth_failures')).toHaveLength(21)
  })

  it('takes a late event for one of its zeros as late', () => {
    const table = new Table()
    table.read(0)
    table.event(60)
    table.read(61)
    table.event(20)
    expect(table.listener.lateCounts).toEqual([{ start: START + 20 * 60, count: 1 }])
  })

  it('says in which of the minutes before records were lost', () => {
    const table = new Table()
    table.read(0)
    table.losses.add('s', START + 120)
    table.event(5)
    table.read(6)
    expect(table.listener.told[0]?.partial).toEqual(new Set([START + 120]))
  })

  it('is emitted with its zeros after a restart that comes before its first minute closes, as one that is new', () => {
    const before = new Table()
    before.read(0)
    before.read(500)
    before.event(500)
    before.event(600)
    const after = before.restarted()
    expect(after.listener.told).toEqual([])
    after.event(450)
    after.read(601)
    expect(after.emitted('auth_failures')).toEqual([{ first: 0, end: 450, counts: 0 }])
    expect(after.listener.told[0]?.isNew).toBe(true)
    const later = after.restarted()
    expect(later.emitted('auth_failures')).toEqual([{ first: 0, end: 601, counts: 0 }])
    expect(later.listener.told[0]?.isNew).toBeUndefined()
  })

  it('begins where its source did before a restart', () => {
    const before = new Table()
    before.read(0)
    const after = before.restarted()
    after.read(600)
    after.event(600)
    after.read(601)
    expect(after.emitted('auth_failures')).toEqual([{ first: 0, end: 600, counts: 0 }])
  })

  it('begins with the oldest series of its source in a state that does not say since when that is read', () => {
    const before = new Table()
    before.read(-10)
    before.event(0)
    before.read(5)
    const after = before.restarted(name => !name.startsWith('watched/'))
    after.read(600)
    after.event(600, 'auth_lockouts')
    after.read(601)
    expect(after.emitted('auth_lockouts')).toEqual([{ first: -10, end: 600, counts: 0 }])
  })

  it('begins with the backfill of its gateway', () => {
    const table = new Table()
    table.read(0)
    table.minutes.beginBackfill()
    const backfilled = (minute: number, signal: SignalName) =>
      table.minutes.addBackfilled('s', failure(NOON + minute * MINUTE, { signal }), NOON)
    backfilled(-900, 'auth_failures')
    backfilled(-100, 'posture_drifts')
    table.event(10, 'auth_lockouts')
    table.read(11)
    table.minutes.concludeBackfill('s')
    table.minutes.endBackfill()
    expect(table.emitted('auth_failures')).toEqual([{ first: -900, end: 11, counts: 1 }])
    expect(table.emitted('posture_drifts')).toEqual([{ first: -900, end: 11, counts: 1 }])
    expect(table.emitted('auth_lockouts')).toEqual([{ first: -900, end: 11, counts: 1 }])
    table.event(20, 'policy_decisions')
    table.read(21)
    expect(table.emitted('policy_decisions')).toEqual([{ first: -900, end: 20, counts: 0 }])
  })
})
