import { describe, expect, it } from '@jest/globals'
import { createDispatcher } from '../../../decoding/dispatch.ts'
import { dialects } from '../../../decoding/registry.ts'
import { type Claim, streams } from '../../../decoding/toolkit/record.ts'
import { isAuthoritative } from '../../../exporter/pipeline/authority.ts'
import { dialectFixtures } from '../../decoding/dialect-fixtures.ts'
import { authority, claim } from './fixtures.ts'

const refusal = (mechanism: string, reason: string) => ({ labels: { mechanism, reason } })

describe('authority', () => {
  it.each<[string, Partial<Claim>, boolean]>([
    ['takes failures from the file log', refusal('shared_secret', 'token_mismatch'), true],
    ['not from security.event', { ...refusal('shared_secret', 'token_mismatch'), stream: 'security-event' }, false],
    ['takes successes from security.event', { signal: 'auth_successes', stream: 'security-event' }, true],
    ['not from the file log', { signal: 'auth_successes' }, false],
    [
      'takes exec approvals from security.event, which alone tells of them',
      { signal: 'approvals', stream: 'security-event', labels: { decision: 'asked' } },
      true,
    ],
    [
      'takes a pairing that both tell of from one of them',
      { signal: 'posture_drifts', stream: 'security-event', labels: { kind: 'pairing_approved' } },
      false,
    ],
    [
      'takes a rejected pairing from security.event, which alone tells of it',
      { signal: 'posture_drifts', stream: 'security-event', labels: { kind: 'pairing_rejected' } },
      true,
    ],
  ])('%s', (_sentence, parts, expected) => {
    expect(isAuthoritative(claim(parts), authority)).toBe(expected)
  })

  it('chosen for security.event leaves the file log the events that it alone reports', () => {
    const chosen = { ...authority, auth_failures: 'security-event' } as const
    const counts = (mechanism: string, reason: string) => isAuthoritative(claim(refusal(mechanism, reason)), chosen)
    expect(counts('shared_secret', 'token_mismatch')).toBe(false)
    expect(counts('device', 'device-signature')).toBe(false)
    expect(counts('origin', 'origin_not_allowed')).toBe(true)
    expect(counts('pairing', 'not-paired')).toBe(true)
    expect(counts('device', 'device-required')).toBe(true)
  })

  it('never counts the log by OpenTelemetry beside the log itself, whatever it reports', () => {
    const origin = refusal('origin', 'origin_not_allowed')
    const counts = (stream: Claim['stream'], chosen: typeof authority) =>
      isAuthoritative(claim({ ...origin, stream }), chosen)
    const byOtel = { ...authority, auth_failures: 'otel-log' } as const
    expect(counts('otel-log', authority)).toBe(false)
    expect(counts('otel-log', byOtel)).toBe(true)
    expect(counts('file-log', byOtel)).toBe(false)
    expect(counts('otel-log', { ...authority, auth_failures: 'security-event' })).toBe(false)
  })

  it('leaves alone what is of no stream of OpenClaw', () => {
    expect(isAuthoritative(claim({ signal: 'auth_successes', stream: 'other' }), authority)).toBe(true)
  })
})

describe('an event that several streams of OpenClaw report', () => {
  const { decode } = createDispatcher(dialects)
  const bodies = Object.values(dialectFixtures).flatMap(({ lines = [], documents = [] }) => [...lines, ...documents])
  const claims = bodies.flatMap(body => {
    const { decoding } = decode({ id: '1', body })
    return decoding.kind === 'claim' && decoding.claim.stream !== 'other' ? [decoding.claim] : []
  })
  const reports = Map.groupBy(claims, ({ signal, labels: { severity: _, ...labels } }) =>
    [signal, ...Object.values(labels)].join(' '),
  )

  it('counts once, by the stream that exporter/pipeline/authority.ts makes authoritative for its signal', () => {
    expect(
      [...reports.values()].some(claimed => new Set(claimed.map(({ stream }) => stream)).size === streams.length),
    ).toBe(true)
    const twice = [...reports].filter(
      ([, claimed]) =>
        new Set(claimed.filter(each => isAuthoritative(each, authority)).map(({ stream }) => stream)).size > 1,
    )
    expect(twice.map(([event]) => event)).toEqual([])
  })
})
