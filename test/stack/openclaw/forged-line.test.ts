import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createDispatcher } from '../../../decoding/dispatch.ts'
import { dialects } from '../../../decoding/registry.ts'
import { batchOf, bench, total } from '../../exporter/pipeline/fixtures.ts'
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

/** A line of the console in plain text. */
const plain = `2026-11-29T12:00:00.000+00:00 [ws] unauthorized conn=00000000-0000-4000-8000-00000000f0f0 peer=${VICTIM}:5->127.0.0.1:1 remote=${VICTIM} reason=token_mismatch`

/** More than the ten that the gateway allows one address in a minute: it refuses the others whatever they present. */
const attempts = Array.from({ length: 12 }, (_, number) => ({ token: `wrong-${number}`, from: '203.0.113.9' }))

/** What counts of the lines of a log, as of one gateway: refusals by mechanism and reason, and those without address. */
function countsOf(log: string) {
  const { pipeline, store, clock } = bench({ dispatcher: createDispatcher(dialects) })
  const records = log.split('\n').map((body, index) => ({ id: `${index}`, body, gateway: 'gw' }))
  clock.time = Date.now()
  pipeline.ingest('log', batchOf(records, { watermark: clock.time }))
  clock.time += 300_000
  pipeline.ingest('log', batchOf([], { watermark: clock.time }))
  const refusals = store
    .changes()
    .filter(({ metric }) => metric === 'clawtrust_auth_failures_total' || metric === 'clawtrust_auth_lockouts_total')
    .map(({ metric, labels, value }) => [metric, ...labels, value].join(' '))
  return {
    refusals: refusals.toSorted(),
    unknown: total(store, 'clawtrust_unknown_address_events_total', 'console_text'),
  }
}

/** The connections whose refusals a log claims. */
const refusedIn = (log: string) =>
  new Set(
    log.split('\n').flatMap(body => {
      const { decoding } = decode({ id: '1', body })
      const isRefusal = decoding.kind === 'claim' && decoding.claim.signal.startsWith('auth_')
      return isRefusal && decoding.claim.pair !== undefined ? [decoding.claim.pair.key] : []
    }),
  )

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
  /** What was written before a line was forged. */
  const before = { log: '', console: '' }

  beforeAll(async () => {
    gateway = await startGateway({ hooks: { enabled: true, token: 'only-for-tests-hook' } })
    gateway.attack(attempts)
    const closes = (text: string) => [...text.matchAll(/closed before connect conn=\S+ peer/g)].length
    await eventually(
      'the console and the log hold each refusal',
      async () => {
        before.log = await readFile(gateway.log, 'utf8')
        before.console = gateway.console()
        const held = [closes(before.console), refusedIn(before.log).size]
        return held.every(count => count >= attempts.length) || undefined
      },
      { limitMs: 60_000 },
    )
    gateway.forge(line)
    gateway.forge(short)
    gateway.forge(plain)
    // What it wrote meanwhile arrives in later turns of the event loop.
    await eventually(
      'the console holds the attempts',
      async () => [short, plain].every(text => gateway.console().includes(`\n${text}\n`)) || undefined,
      {
        limitMs: 60_000,
      },
    )
    log = await readFile(gateway.log, 'utf8')
    console = gateway.console()
  }, 240_000)

  afterAll(() => gateway?.stop(), 60_000)

  it('is refused before that: each refusal counts once in the console in plain text, as in the file log', () => {
    const [inLog, onConsole] = [before.log, before.console].map(countsOf)
    expect(refusedIn(before.log).size).toBe(attempts.length)
    expect(inLog?.refusals.join('\n')).toContain(
      'clawtrust_auth_failures_total gw agent-control shared_secret token_mismatch',
    )
    expect(onConsole).toEqual({ refusals: inLog?.refusals, unknown: attempts.length })
    expect(inLog?.unknown).toBe(0)
  })

  it('is counted in the console for each connection that the file log refuses, whatever it forges', () => {
    const counted = refusedIn(console)
    const missing = [...refusedIn(log)].filter(conn => !counted.has(conn))
    expect([refusedIn(log).size > attempts.length + 20, missing]).toEqual([true, []])
  })

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
    expect(console.split('\n')).toContain(plain)
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
      const claims = decodings.flatMap(decoding => (decoding.kind === 'claim' ? [decoding.claim] : []))
      expect(claims.length).toBeGreaterThan(attempts.length)
      expect(new Set(claims.map(({ actor }) => JSON.stringify(actor)))).toEqual(
        new Set(['{"addressUnknown":"console_text"}']),
      )
      expect(new Set(claims.map(({ signal, count }) => `${signal} ${count}`))).toEqual(
        new Set(['auth_failures 1', 'auth_lockouts 1']),
      )
      expect(decodings).toContainEqual({ kind: 'undecoded', reason: 'forgeable_line' })
    } finally {
      await following.stop()
      folder.remove()
    }
  })
})
