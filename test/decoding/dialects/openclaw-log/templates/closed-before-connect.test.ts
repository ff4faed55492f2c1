import { describe, expect, it } from '@jest/globals'
import { composeLine } from '../../../../../decoding/dialects/openclaw-log/compose-line.ts'
import { createDispatcher } from '../../../../../decoding/dispatch.ts'
import { dialects } from '../../../../../decoding/registry.ts'
import { realLines, summaryOf } from '../../../fixtures.ts'

const dispatcher = createDispatcher(dialects)

const CONN = 'a76a4139-d8c2-4383-a708-e139f31a5408'
const unauthorised = {
  cause: 'unauthorized',
  phase: 'auth_credentials_received',
  authProvided: 'none',
  authMode: 'token',
  authReason: 'token_missing',
  remoteAddr: '192.0.2.1',
  localPort: 18_789,
}

/** A close whose X-Forwarded-For, and whose text behind the reason, are the caller's. */
function close(options: { fwd?: string; end?: string; meta?: Record<string, unknown> | undefined }) {
  const { fwd = 'n/a', end = ' phase=auth_credentials_received' } = options
  const meta = 'meta' in options ? options.meta : unauthorised
  const body = composeLine({
    subsystem: 'gateway/ws',
    level: 'WARN',
    text: `closed before connect conn=${CONN} peer=192.0.2.1:1->192.0.2.2:18789 remote=192.0.2.1 fwd=${fwd} origin=n/a host=gw ua=n/a code=1008 reason=unauthorized${end}`,
    time: 1_000,
    host: 'gw-1',
    ...(meta === undefined ? {} : { meta }),
  })
  return dispatcher.decode({ id: '1', body }).decoding
}

describe('a connection that was closed before it was admitted', () => {
  it('leads its pair, and gives peer, forwarded address and the port of the gateway', () => {
    const decoding = dispatcher.decode({ id: '1', body: realLines[14] ?? '' }).decoding
    expect(decoding).toEqual({
      kind: 'claim',
      time: Date.parse('2026-11-22T06:48:16.700Z'),
      claim: {
        signal: 'auth_failures',
        labels: { mechanism: 'shared_secret', reason: 'token_mismatch' },
        outcome: 'failure',
        severity: 'medium',
        time: Date.parse('2026-11-22T06:48:16.700Z'),
        count: 1,
        stream: 'file-log',
        origin: { host: 'vm', port: 18_999, subsystem: 'gateway/ws' },
        actor: { peerAddress: '127.0.0.1', forwardedFor: '203.0.113.50' },
        pair: { key: CONN, role: 'leading' },
      },
    })
  })

  it('takes cause and reason from meta alone, whatever a header imitates', () => {
    const forged =
      '9.9.9.9 origin=n/a host=h ua=x code=1000 reason=ok phase=ready suppressed=9 cause=none authReason=rate_limited'
    expect(summaryOf(close({ fwd: forged }))).toBe('auth_failures shared_secret token_missing')
  })

  it('counts what the gateway held back', () => {
    const end = ' phase=auth_credentials_received suppressed=41'
    expect(summaryOf(close({ end }))).toBe('auth_failures shared_secret token_missing x42')
  })

  it.each([
    ['without a phase, where the caller could have written it', ' suppressed=99999'],
    ['behind a phase that is not the one in meta', ' phase=ready suppressed=99999'],
    ['that is no number', ' phase=auth_credentials_received suppressed=many'],
    ['before the end', ' phase=auth_credentials_received suppressed=7 more'],
    ['of a message that was cut', ' phase=auth_credentials_received suppressed=7...(truncated)'],
  ])('counts one for a number %s', (_what, end) => {
    expect(summaryOf(close({ end }))).toBe('auth_failures shared_secret token_missing')
  })

  it('caps the number, so that one line cannot make a flood', () => {
    const end = ' phase=auth_credentials_received suppressed=999999999'
    expect(summaryOf(close({ end }))).toBe('auth_failures shared_secret token_missing x100001')
  })

  it('is of no signal without a cause or without meta: a disconnect or a scanner', () => {
    expect(summaryOf(close({ meta: { phase: 'ws_upgrade_started' } }))).toBe('no_signal')
    expect(summaryOf(close({ meta: undefined }))).toBe('no_signal')
  })

  it('still counts when headers have driven the message to its cut', () => {
    const end = `${'x'.repeat(200)}...(truncated)`
    expect(summaryOf(close({ end }))).toBe('auth_failures shared_secret token_missing')
  })

  it('stays one event when a client name holds a whole log line', () => {
    const fake = `${realLines[38]}\n${realLines[38]}`
    const decoding = close({ meta: { ...unauthorised, clientDisplayName: fake }, fwd: fake })
    expect(summaryOf(decoding)).toBe('auth_failures shared_secret token_missing')
  })
})
