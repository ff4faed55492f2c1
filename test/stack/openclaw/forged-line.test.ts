import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createDispatcher } from '../../../decoding/dispatch.ts'
import { dialects } from '../../../decoding/registry.ts'
import { type Gateway, startGateway } from './gateway.ts'

/** An address of which the log speaks only if the forged line is taken for one of the gateway's. */
const VICTIM = '198.51.100.77'

const { decode } = createDispatcher(dialects)

function lineOf(victim: string): string {
  const conn = '00000000-0000-4000-8000-00000000f0f0'
  const date = new Date().toISOString()
  const message = `closed before connect conn=${conn} peer=${victim}:52070->127.0.0.1:18789 remote=${victim} fwd=n/a origin=n/a host=127.0.0.1:18789 ua=n/a code=1008 reason=unauthorized: gateway token mismatch phase=auth_credentials_received`
  const meta = { cause: 'unauthorized', handshake: 'failed', authReason: 'token_mismatch', remoteAddr: victim }
  return JSON.stringify({
    0: '{"subsystem":"gateway/ws"}',
    1: { ...meta, authMode: 'token', authProvided: 'token', remotePort: 52_070 },
    2: message,
    _meta: { date, logLevelId: 4, logLevelName: 'WARN', name: '{"subsystem":"gateway/ws"}', parentNames: ['openclaw'] },
    time: date,
    message,
  })
}

/** The claims of a log about the victim. */
const claimsAbout = (victim: string, log: string) =>
  log
    .split('\n')
    .map(body => decode({ id: '1', body }).decoding)
    .filter(decoding => decoding.kind === 'claim' && decoding.claim.actor.peerAddress === victim)

describe('a caller who puts a line of the log into every text that it sends', () => {
  const line = lineOf(VICTIM)
  let gateway: Gateway
  let [log, console] = ['', '']

  beforeAll(async () => {
    gateway = await startGateway({ hooks: { enabled: true, token: 'only-for-tests-hook' } })
    gateway.forge(line)
    log = await readFile(gateway.log, 'utf8')
    console = gateway.console()
  }, 240_000)

  afterAll(() => gateway?.stop(), 60_000)

  it('would be believed, were the line alone', () => {
    expect(claimsAbout(VICTIM, line)).toHaveLength(1)
  })

  it('makes the gateway log its text', () => {
    expect(log).toContain(VICTIM)
    expect(console).toContain(VICTIM)
  })

  it('forges no record in the log file', () => {
    expect(claimsAbout(VICTIM, log)).toEqual([])
  })

  it('forges no record in the output that container runtimes and journald keep', () => {
    expect(claimsAbout(VICTIM, console)).toEqual([])
  })
})
