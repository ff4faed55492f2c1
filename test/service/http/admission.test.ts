import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { Admission, type AdmissionLimits } from '../../../service/http/admission.ts'

const limits: AdmissionLimits = {
  total: 5,
  authenticated: 2,
  waitingOfPeer: 6,
  waiting: 9,
  quietMs: 10,
  requestMs: 50,
}
const one = { name: 'one', limit: 3 }
const other = { name: 'other', limit: 3 }

/** Connections are numbers, of which it says what became of them. */
function admissionOf(more: Partial<AdmissionLimits> = {}) {
  const served: number[] = []
  const closed: number[] = []
  const admission = new Admission<number>(
    { ...limits, ...more },
    { serve: connection => served.push(connection), close: connection => closed.push(connection) },
  )
  return { admission, served, closed }
}

describe('admission', () => {
  it('lets a connection over the limit of its peer wait until another of the peer ends, the newest first', () => {
    const { admission, served, closed } = admissionOf()
    const outcomes = [1, 2, 3, 4, 5].map(connection => admission.offer(connection, one, 0))
    expect(outcomes).toEqual(['served', 'served', 'served', 'waits', 'waits'])
    admission.offer(6, other, 0)
    expect([admission.isAwaited(1), admission.isAwaited(6)]).toEqual([true, false])
    admission.leave(2, 'one', 1)
    expect([served, closed]).toEqual([[1, 2, 3, 6, 5], []])
    admission.leave(1, 'one', 1)
    expect([served, admission.waiting, admission.isAwaited(3)]).toEqual([[1, 2, 3, 6, 5, 4], 0, false])
  })

  it('closes the connection that has been quiet longest for one that waits, and no request in progress', () => {
    const { admission, served, closed } = admissionOf()
    for (const connection of [1, 2, 3]) admission.offer(connection, one, 0)
    admission.begin(1, 0)
    admission.begin(2, 1)
    admission.end(2, 2)
    admission.offer(4, one, 5)
    admission.look(9)
    expect(closed).toEqual([])
    admission.look(10)
    expect([served, closed]).toEqual([[1, 2, 3, 4], [3]])
  })

  it('closes a long request without authentication for one that waits, and none with it', () => {
    const { admission, closed } = admissionOf({ authenticated: 0 })
    for (const connection of [1, 2, 3]) {
      admission.offer(connection, one, 0)
      admission.begin(connection, 0)
    }
    admission.prove(1, 0)
    admission.offer(4, one, 0)
    admission.offer(5, one, 0)
    admission.look(49)
    expect(closed).toEqual([])
    admission.look(50)
    expect(closed).toEqual([2, 3])
  })

  it('serves one that waits as soon as another has shown that it is authenticated', () => {
    const { admission, served } = admissionOf()
    for (const connection of [1, 2, 3, 4, 5, 6]) admission.offer(connection, one, 0)
    for (const connection of [1, 2, 3]) {
      admission.begin(connection, 0)
      admission.prove(connection, 0)
    }
    // There are two places for authenticated ones.
    expect(served).toEqual([1, 2, 3, 6, 5])
  })

  it('keeps none quiet where nobody waits', () => {
    const { admission, closed } = admissionOf()
    for (const connection of [1, 2, 3]) admission.offer(connection, one, 0)
    admission.look(1_000_000)
    expect(closed).toEqual([])
  })

  it('gives the places in all to each peer in turn', () => {
    const { admission, served } = admissionOf({ total: 3 })
    for (const connection of [1, 2, 3, 4, 5]) admission.offer(connection, one, 0)
    admission.offer(6, other, 0)
    admission.leave(1, 'one', 0)
    admission.leave(2, 'one', 0)
    expect(served).toEqual([1, 2, 3, 5, 6])
  })

  it('closes the connection that has waited longest where too many wait, and no other', () => {
    const { admission, closed } = admissionOf()
    const outcomes = Array.from({ length: 10 }, (_, connection) => admission.offer(connection, one, 0))
    expect(outcomes.filter(outcome => outcome === 'waits')).toHaveLength(6)
    expect([outcomes.at(-1), closed]).toEqual(['refused', [3]])
  })

  it('closes one of a long queue where too many wait in all, and takes one of a peer that has few', () => {
    const { admission, served, closed } = admissionOf({ total: 3 })
    const offers = (count: number, from: number, peer: typeof one) =>
      Array.from({ length: count }, (_, index) => admission.offer(from + index, peer, 0))
    offers(9, 0, one)
    offers(3, 10, other)
    expect([admission.offer(20, { name: 'third', limit: 1 }, 0), closed]).toEqual(['refused', [3]])
    for (const connection of [0, 1, 2]) admission.leave(connection, 'one', 1)
    expect(served.slice(3).sort()).toEqual([12, 20, 8])
  })

  it('does not prolong a request by others that the client sends before its response', () => {
    const { admission, closed } = admissionOf()
    for (const connection of [1, 2, 3]) admission.offer(connection, one, 0)
    for (const time of [0, 20, 40]) admission.begin(1, time)
    admission.end(1, 45)
    admission.offer(4, one, 45)
    admission.offer(5, one, 45)
    admission.offer(6, one, 45)
    admission.look(50)
    expect([closed, admission.isBusy(1)]).toEqual([[2, 3, 1], false])
  })

  it('says of each unauthenticated connection that it is awaited while none is left in all', () => {
    const { admission } = admissionOf({ total: 3 })
    for (const connection of [1, 2, 3]) admission.offer(connection, one, 0)
    admission.begin(1, 0)
    admission.prove(1, 0)
    admission.offer(4, one, 0)
    expect([1, 2, 4].map(connection => admission.isAwaited(connection))).toEqual([false, false, false])
    admission.offer(5, other, 0)
    expect([1, 2, 4].map(connection => admission.isAwaited(connection))).toEqual([false, true, true])
  })

  const events = fc.array(
    fc.record({
      kind: fc.constantFrom('offer', 'begin', 'prove', 'end', 'leave', 'look'),
      of: fc.nat(40),
      pass: fc.nat(12),
    }),
    { maxLength: 200 },
  )

  it('never serves more than its limits, closes no authenticated request, and leaves none waiting where there is room', () => {
    fc.assert(
      fc.property(events, given => {
        const peers = [one, other, { name: 'third', limit: 1 }]
        const open = new Map<number, 'served' | 'waits'>()
        const proven = new Set<number>()
        const peerFor = (connection: number) => peers[connection % 3] ?? one
        const admission = new Admission<number>(limits, {
          serve: connection => open.set(connection, 'served'),
          close: connection => {
            expect(proven.has(connection)).toBe(false)
            open.delete(connection)
          },
        })
        let now = 0
        for (const { kind, of, pass } of given) {
          now += pass
          const isServed = open.get(of) === 'served'
          if (kind === 'look') admission.look(now)
          if (kind === 'offer' && !open.has(of)) {
            open.set(of, 'waits')
            admission.offer(of, peerFor(of), now)
          }
          if (kind === 'begin' && isServed) admission.begin(of, now)
          if (kind === 'prove' && isServed) {
            admission.begin(of, now)
            proven.add(of)
            admission.prove(of, now)
          }
          if (kind === 'end' && isServed) {
            proven.delete(of)
            admission.end(of, now)
          }
          if (kind === 'leave' && open.delete(of)) {
            proven.delete(of)
            admission.leave(of, peerFor(of).name, now)
          }
          const served = [...open].filter(([, state]) => state === 'served')
          const waiting = [...open].filter(([, state]) => state === 'waits')
          expect(admission.waiting).toBe(waiting.length)
          expect(served.length).toBeLessThanOrEqual(limits.total + limits.authenticated)
          for (const { name, limit } of peers) {
            const ofPeer = served.filter(([connection]) => peerFor(connection).name === name)
            expect(ofPeer.length).toBeLessThanOrEqual(limit + limits.authenticated)
            const waits = waiting.some(([connection]) => peerFor(connection).name === name)
            const awaited = ofPeer.filter(([connection]) => admission.isAwaited(connection))
            expect(!waits || awaited.length >= Math.min(ofPeer.length - limits.authenticated, limit)).toBe(true)
            expect(!waits || ofPeer.length >= limit || served.length >= limits.total).toBe(true)
          }
        }
      }),
    )
  })
})
