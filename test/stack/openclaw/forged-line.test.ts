import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createDispatcher } from '../../../decoding/dispatch.ts'
import { dialects } from '../../../decoding/registry.ts'
import { Following, temporaryFolder } from '../../exporter/sources/file/following.ts'
import { eventually } from '../servers/eventually.ts'
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

/** So short that the gateway does not cut it: a whole record in the layout of its JSON console. */
const short = JSON.stringify({
  level: 'warn',
  subsystem: 'gateway/ws',
  message: 'closed before connect conn=00000000f0f0',
  cause: 'unauthorized',
  remoteAddr: VICTIM,
  time: '2026-11-29T12:00:00Z',
})

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
    gateway.forge(short)
    // What it wrote meanwhile arrives in later turns of the event loop.
    await eventually(
      'the console holds the attempts',
      async () => gateway.console().includes(`\n${short}\n`) || undefined,
      {
        limitMs: 10_000,
      },
    )
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

  it('forges whole lines of the console in plain text, also of a JSON layout', () => {
    expect(console.split('\n')).toContain(short)
    expect(claimsAbout(VICTIM, short)).toHaveLength(1)
  })

  it('is not believed where that console is read, as container runtimes and journald keep it', async () => {
    const folder = temporaryFolder()
    const file = join(folder.path, 'console.log')
    const following = new Following({ paths: [file] })
    try {
      await writeFile(file, console)
      await following.catchUp()
      const records = following.batches.flatMap(batch => batch.records)
      const decodings = records.map(record => createDispatcher(dialects).decode(record).decoding)
      expect(decodings.filter(({ kind }) => kind === 'claim')).toEqual([])
      expect(decodings).toContainEqual({ kind: 'undecoded', reason: 'forgeable_line' })
    } finally {
      await following.stop()
      folder.remove()
    }
  })
})
