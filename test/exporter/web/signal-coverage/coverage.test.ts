import { describe, expect, it } from '@jest/globals'
import { blindSpots } from '../../../../core/blind-spots.ts'
import { type SignalName, signalNames } from '../../../../core/signals.ts'
import type { LastEvent } from '../../../../exporter/pipeline/last-events.ts'
import { reporters } from '../../../../exporter/sources/reporters.ts'
import { type Coverage, coverageOf } from '../../../../exporter/web/signal-coverage/coverage.ts'
import type { CoveredSource } from '../../../../exporter/web/signal-coverage/covered-source.ts'

const NOW = Date.UTC(2026, 10, 29, 12)

/** A source that is up and has read records of the file log. */
const source = (parts: Partial<CoveredSource> = {}): CoveredSource => ({
  name: 'log',
  up: true,
  isRecognised: true,
  dialects: new Map([['openclaw-file', new Set()]]),
  lastEvents: [],
  incomplete: [],
  ...parts,
})

const event = (signal: SignalName, parts: Partial<LastEvent> = {}): LastEvent => ({
  source: 'log',
  dialect: 'openclaw-file',
  signal,
  trustZone: 'agent-control',
  time: NOW,
  ...parts,
})

const coverage = (sources: readonly CoveredSource[], trustZones: readonly string[] = []): Coverage =>
  coverageOf({ sources, reporters, trustZones })

const signalIn = ({ signals }: Coverage, name: SignalName) => signals.find(({ signal }) => signal === name)
const spotIn = ({ blindSpots }: Coverage, name: string) => blindSpots.find(spot => spot.name === name)

describe('the coverage of a deployment', () => {
  it('without a source is blind for every signal, and has the lines of every dialect that moves one', () => {
    const { signals, blindSpots, setup } = coverage([])
    expect(signals.map(({ signal }) => signal)).toEqual(signalNames)
    for (const { state, reasons } of signals) {
      expect([state, reasons.map(({ code }) => code)]).toEqual(['blind', ['no_source']])
    }
    for (const { state } of blindSpots) expect(['blind', 'unobservable']).toContain(state)
    expect(setup.map(({ dialect }) => dialect)).toEqual(
      reporters.filter(({ signals: moved }) => moved.length > 0).map(({ name }) => name),
    )
    for (const { steps } of setup) expect(steps).not.toEqual([])
  })

  it('says of a host on which only recordings are played that nothing of it is read', () => {
    const { isRecorded, signals } = coverageOf({ sources: [], isRecorded: true, reporters, trustZones: [] })
    const sentence = 'Only recordings are played; nothing of this host is read.'
    expect(isRecorded).toBe(true)
    for (const { state, reasons } of signals) {
      expect({ state, reasons }).toEqual({ state: 'blind', reasons: [{ code: 'no_source', sentence }] })
    }
  })

  it('says of a signal with an event who reported it, where and when', () => {
    const found = signalIn(coverage([source({ lastEvents: [event('auth_failures')] })], ['lab']), 'auth_failures')
    expect(found).toMatchObject({
      state: 'fed',
      lastEvent: NOW,
      readers: [{ source: 'log', dialect: 'openclaw-file', up: true, lastEvent: NOW }],
      zones: [
        { trustZone: 'agent-control', state: 'fed', lastEvent: NOW },
        { trustZone: 'lab', state: 'quiet' },
      ],
      reasons: [],
    })
    expect(found?.unread).toContain('nginx-access')
    expect(found?.unread).not.toContain('openclaw-file')
  })

  it('distinguishes a signal that is read and had no event from one that no source reports', () => {
    const all = coverage([source()])
    expect(signalIn(all, 'auth_lockouts')).toMatchObject({ state: 'quiet', reasons: [] })
    expect(signalIn(all, 'mtls_handshake_failures')).toMatchObject({ state: 'blind', reasons: [{ code: 'no_source' }] })
    expect(spotIn(all, 'tls_handshakes')).toMatchObject({
      state: 'blind',
      unread: expect.arrayContaining(['nginx-error']),
    })
    expect(spotIn(all, 'lockout_times')).toMatchObject({ state: 'unobservable' })
  })

  it.each([
    ['is down', { up: false, reason: 'No permission.' }, 'source_down', 'No permission.'],
    ['has read nothing', { isRecognised: undefined, dialects: new Map() }, 'nothing_read', 'has not been read'],
    ['reads no known format', { isRecognised: false, dialects: new Map() }, 'nothing_recognised', 'known format'],
    [
      'reads a stream that is not authoritative',
      { dialects: new Map([['security-event', new Set<SignalName>(['auth_failures'])]]) },
      'not_authoritative',
      'exporter.authority',
    ],
  ])('is blind where the source %s, and says so', (_, parts, code, sentence) => {
    const found = signalIn(coverage([source(parts)]), 'auth_failures')
    expect(found?.state).toBe('blind')
    expect(found?.reasons.at(-1)).toMatchObject({ code, source: 'log', sentence: expect.stringContaining(sentence) })
  })

  it('is blind where the only source that had an event is down now', () => {
    const down = source({ up: false, reason: 'Gone.', lastEvents: [event('auth_failures')] })
    expect(signalIn(coverage([down]), 'auth_failures')).toMatchObject({
      state: 'blind',
      lastEvent: NOW,
      readers: [{ up: false }],
      zones: [{ state: 'blind' }],
    })
  })

  it('names no source of other dialects as the reason of a blind signal', () => {
    const nginx = source({ up: false, dialects: new Map([['nginx-error', new Set<SignalName>()]]) })
    expect(signalIn(coverage([nginx]), 'approvals')?.reasons).toMatchObject([{ code: 'no_source' }])
  })

  it('says what is not counted of a signal although it is read', () => {
    const incomplete = [{ dialect: 'openclaw-plain-console', sentence: 'The records lack the address.' }]
    const plain = source({ dialects: new Map([['openclaw-plain-console', new Set<SignalName>()]]), incomplete })
    const all = coverage([plain])
    expect(signalIn(all, 'auth_failures')?.limits).toEqual(['The records lack the address.'])
    expect(signalIn(all, 'approvals')?.limits).toEqual([])
  })

  it('takes a derived signal for covered where the signals that it is derived from are', () => {
    const all = coverage([source({ lastEvents: [event('auth_lockouts')] })])
    expect(signalIn(all, 'auth_sprays')).toMatchObject({ state: 'fed', readers: [{ source: 'log' }] })
    expect(signalIn(all, 'auth_sprays')?.lastEvent).toBeUndefined()
  })

  it('has what the sources for certificates and tunnels look at themselves', () => {
    const found = coverage([
      source({ name: 'tunnels', dialects: new Map([['wireguard', new Set()]]), signals: ['posture_drifts'] }),
    ])
    expect(signalIn(found, 'posture_drifts')?.state).toBe('quiet')
    expect(spotIn(found, 'tunnels')).toMatchObject({
      state: 'quiet',
      readers: [{ source: 'tunnels', dialect: 'wireguard' }],
    })
    expect(spotIn(found, 'server_certificates')).toMatchObject({ state: 'blind', unread: ['certificates'] })
  })

  it('does not give a source as the reason for a signal that it cannot report', () => {
    const unread = source({ name: 'audit', dialects: new Map(), isRecognised: undefined, signals: ['posture_drifts'] })
    expect(signalIn(coverage([unread]), 'approvals')?.reasons.map(({ code }) => code)).toEqual(['no_source'])
    expect(signalIn(coverage([unread]), 'posture_drifts')?.reasons.map(({ code }) => code)).toEqual([
      'no_source',
      'nothing_read',
    ])
  })

  it.each(Object.entries(blindSpots))('has a reporter for what the log does not contain: %s', (name, spot) => {
    const { state, unread } = spotIn(coverage([]), name) ?? {}
    expect(state).toBe(spot.observers.length === 0 ? 'unobservable' : 'blind')
    expect(unread?.length === 0).toBe(spot.observers.length === 0)
  })
})
