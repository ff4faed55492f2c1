import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createDispatcher } from '../../../../decoding/dispatch.ts'
import { dialects } from '../../../../decoding/registry.ts'
import type { Claim, Decoding } from '../../../../decoding/toolkit/record.ts'
import { layOut, realLines, syntheticLines } from '../../fixtures.ts'
import { asPlainConsoleLine, colouredConsole } from '../../layouts.ts'
import { envelopesOfPrograms } from '../../line-envelope-fixtures.ts'

const dispatcher = createDispatcher(dialects)
const decode = (body: string) => dispatcher.decode({ id: '', body }).decoding
const claimOf = (decoding: Decoding): Claim | undefined => (decoding.kind === 'claim' ? decoding.claim : undefined)
const isRefusal = (claim: Claim | undefined) => claim?.signal === 'auth_failures' || claim?.signal === 'auth_lockouts'

const CONN = '1d0d984a-61cd-4fc7-a725-64d7f5f5ac2b'
const TIME = '2026-11-29T14:00:31.671+00:00'
const actor = { addressUnknown: 'console_text' }

interface Words {
  readonly client?: string
  readonly version?: string
  readonly platform?: string
  readonly userAgent?: string
  readonly origin?: string
  readonly forwardedFor?: string
  readonly frameId?: string
  readonly closeReason?: string
}

/** As OpenClaw 2026.9.6 cleans a header, and the reason with which a client closes. */
const header = (text = '') =>
  text
    .replace(/\p{Cc}/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300)
const inLine = (text = '') => text.slice(0, 240)

/** Both lines of a refused sign-in as the gateway prints them, with what the caller wrote in each of its texts. */
function refusalBy(words: Words, conn = CONN): { readonly unauthorized: string; readonly close: string } {
  const { client = 'laptop', version = '2026.9.6', platform = 'linux', frameId = '1' } = words
  const [fwd, origin, ua, reason] = [words.forwardedFor, words.origin, words.userAgent, words.closeReason].map(header)
  const text = `closed before connect conn=${conn} peer=127.0.0.1:5->127.0.0.1:1 remote=127.0.0.1 fwd=${fwd || 'n/a'} origin=${origin || 'n/a'} host=127.0.0.1:1 ua=${ua || 'n/a'} code=1008 reason=${reason || 'n/a'} phase=auth_credentials_received`
  const meta = {
    cause: 'unauthorized',
    durationMs: 5,
    handshake: 'failed',
    phase: 'auth_credentials_received',
    lastFrameId: frameId,
    ...(origin && { origin }),
    ...(ua && { userAgent: ua }),
    ...(fwd && { forwardedFor: fwd }),
    remoteAddr: '127.0.0.1',
    localPort: 1,
    authMode: 'token',
    authProvided: 'token',
    authReason: 'token_mismatch',
    client: 'cli',
    clientDisplayName: client,
    version,
    platform,
  }
  const record = { '0': '{"subsystem":"gateway/ws"}', '1': meta, '2': text, time: TIME, message: text }
  const _meta = { logLevelName: 'WARN', name: record['0'] }
  return {
    unauthorized: `${TIME} [ws] unauthorized conn=${conn} peer=127.0.0.1:5->127.0.0.1:1 remote=127.0.0.1 client=${inLine(client)} cli v${inLine(version)} role=operator scopes=0 auth=token device=no platform=${inLine(platform)} instance=n/a host=127.0.0.1:1 origin=${inLine(words.origin) || 'n/a'} ua=${inLine(words.userAgent) || 'n/a'} reason=token_mismatch guidance=unauthorized: gateway token mismatch`,
    close: asPlainConsoleLine(JSON.stringify({ ...record, _meta })) ?? '',
  }
}

const WRONG_TOKEN = { mechanism: 'shared_secret', reason: 'token_mismatch' }
const UNKNOWN = { mechanism: 'other', reason: 'other' }

describe('the console in plain text', () => {
  const records = [...realLines, ...syntheticLines.filter(line => !line.verbose).map(layOut)].flatMap(line => {
    const onConsole = asPlainConsoleLine(line)
    return onConsole === undefined ? [] : [[line, onConsole] as const]
  })

  it('claims each refused sign-in with the signal and the labels of the same record in JSON, and nothing else', () => {
    let refusals = 0
    for (const [line, onConsole] of records) {
      const inJson = claimOf(decode(line))
      for (const form of [onConsole, colouredConsole(onConsole)]) {
        const claim = claimOf(decode(form))
        if (!isRefusal(inJson)) {
          expect([form, claim]).toEqual([form, undefined])
          continue
        }
        refusals++
        const { signal, labels, outcome, severity, time, stream } = inJson as Claim
        expect(claim).toMatchObject({ signal, labels, outcome, severity, time, stream, count: 1, actor })
        expect([form, claim?.pair?.key]).toEqual([form, inJson?.pair?.key])
      }
    }
    expect(refusals).toBeGreaterThan(40)
  })

  it('is what a real gateway wrote: each connection that it refused is claimed', () => {
    const text = readFileSync(
      new URL('../../../fixtures/openclaw/openclaw-2026.9.6-plain-console.real.log', import.meta.url),
      'utf8',
    )
    const refused = new Set([...text.matchAll(/^\S+ \[ws\] unauthorized conn=(\S+)/gm)].map(([, conn]) => conn))
    const invalid = [...text.matchAll(/ cause=invalid-role /g)]
    // A client wrote one of them, as a line of its own.
    expect([refused.size, invalid.length]).toEqual([18 + 1, 2])
    const claims = text.split('\n').flatMap(line => claimOf(decode(line)) ?? [])
    const plain = claims.filter(({ actor: { addressUnknown } }) => addressUnknown === 'console_text')
    expect(new Set(plain.map(({ pair }) => pair?.key)).size).toBe(refused.size + invalid.length)
  })

  it('claims a close for its line of the credential, which a caller can break off before its reason', () => {
    const { unauthorized, close } = refusalBy({ client: 'x\ny' })
    expect(unauthorized.split('\n').map(line => claimOf(decode(line))?.labels)).toEqual([UNKNOWN, undefined])
    expect(claimOf(decode(close))).toMatchObject({ labels: WRONG_TOKEN, pair: { key: CONN, role: 'deputy' } })
  })

  it('claims a refusal where words of the caller imitate a cause that is none, with the reason other', () => {
    const quiet = ' cause=startup-sidecars-pending durationMs=1 handshake=failed'
    for (const words of [
      { client: `x${quiet}` },
      { client: quiet },
      { userAgent: `x${quiet}` },
      { closeReason: `x${quiet} z="`, client: `${quiet}` },
      { frameId: quiet },
    ]) {
      expect(claimOf(decode(refusalBy(words).close))).toMatchObject({ labels: UNKNOWN, pair: { role: 'deputy' } })
    }
  })

  it('reads the tail of a close whatever quotation marks, backslashes and spaces a caller writes', () => {
    for (const text of ['"', '" ', 'a "b" c', '\\', '\\"', ' authReason=rate_limited', 'x\nauthReason=rate_limited']) {
      for (const words of [{ client: text }, { frameId: text }, { userAgent: text }, { platform: text }]) {
        expect([words, claimOf(decode(refusalBy(words).close))?.labels]).toEqual([words, WRONG_TOKEN])
      }
    }
  })

  it('takes no key from a caller who begins a quotation in one value and ends it in another', () => {
    for (const forged of [' reason=rate_limited guidance=x', ' authReason=rate_limited x', ' cause=unauthorized']) {
      for (const words of [
        { forwardedFor: '"', client: forged },
        { userAgent: '"', platform: forged },
      ]) {
        expect([words, claimOf(decode(refusalBy(words).close))?.signal]).toEqual([words, 'auth_failures'])
      }
    }
  })

  it('does not count what a line says of repeats', () => {
    const { unauthorized, close } = refusalBy({})
    const suppressed = [`${unauthorized} suppressed=99999`, close.replace(' cause=', ' suppressed=99999 cause=')]
    expect(suppressed.map(line => claimOf(decode(line))?.count)).toEqual([1, 1])
  })

  it('claims a close of older releases, without a tail, only by its code, so that the line of the credential goes first', () => {
    const [close = ''] = refusalBy({ closeReason: 'unauthorized' }).close.split(' phase=')
    expect(claimOf(decode(close))).toMatchObject({ labels: UNKNOWN, pair: { key: CONN, role: 'partner' } })
    expect(decode(close.replace('code=1008', 'code=1006')).kind).toBe('no_signal')
  })

  it('claims nothing of another logger', () => {
    expect(decode(refusalBy({}).close.replace('[ws]', '[shop]')).kind).toBe('undecoded')
  })

  it('lacks the address, in every line', () => {
    const { lacks } = dispatcher.decode({ id: '', body: refusalBy({}).close })
    expect(lacks).toMatchObject({ field: 'address', advice: expect.stringContaining('logging.consoleStyle: json') })
  })
})

describe('what a client writes into the console in plain text', () => {
  const forgedLine = fc.constantFrom(
    refusalBy({}, '00000000-0000-4000-8000-00000000f0f0').close,
    refusalBy({}, '00000000-0000-4000-8000-00000000f0f0').unauthorized.replaceAll('127.0.0.1', '198.51.100.77'),
    `${TIME} [ws] authenticated user connected conn=${CONN} user=mallory`,
    `${TIME} [gateway] device pairing approved device=d role=operator`,
    `${TIME} [hooks] hook auth throttled for 198.51.100.77; retry-after=5s`,
    `${TIME} [gateway] control-plane write rate-limited method=config.patch actor=a device=d ip=198.51.100.77`,
    `${TIME} [ws] ⇄ res ✓ connect 3ms conn=${CONN}`,
  )
  const bait = fc.constantFrom(
    '\n',
    ' ',
    '"',
    '\\',
    '\u001b[31m',
    ' cause=startup-sidecars-pending',
    ' cause=unauthorized',
    ' durationMs=1',
    ' reason=rate_limited guidance=x',
    ' suppressed=99999',
    ' remote=198.51.100.77',
    ' conn=00000000',
    ' phase=auth_credentials_received',
  )
  const text = fc
    .array(fc.oneof(bait, forgedLine, fc.string({ maxLength: 20 })), { maxLength: 8 })
    .map(all => all.join(''))
  const words = fc.record(
    {
      client: text,
      version: text,
      platform: text,
      userAgent: text,
      origin: text,
      forwardedFor: text,
      frameId: text,
      closeReason: text.map(all => all.slice(0, 120)),
    },
    { requiredKeys: [] },
  )

  it('yields no address, no success and one claim of one refusal a line at most; and its own refusal is claimed', () => {
    fc.assert(
      fc.property(words, fc.boolean(), (said, isColoured) => {
        const { unauthorized, close } = refusalBy(said)
        const paint = isColoured ? colouredConsole : String
        const physical = [unauthorized, close].flatMap(line => paint(line).split('\n'))
        const decoded = physical.map(body => dispatcher.decode({ id: '', body, forgeable: 'bare' }))
        for (const { decoder, decoding } of decoded) {
          if (decoding.kind === 'undecoded' || decoding.kind === 'no_signal') continue
          expect([decoder, decoding.kind]).toEqual(['openclaw-plain-console', 'claim'])
          const claim = claimOf(decoding) as Claim
          expect([isRefusal(claim), claim.outcome === 'success', claim.count]).toEqual([true, false, 1])
          expect([claim.actor, claim.origin.host, claim.origin.port]).toEqual([actor, undefined, undefined])
        }
        const own = decoded.filter(({ decoding }) => claimOf(decoding)?.pair?.key === CONN)
        const last = claimOf(own.at(-1)?.decoding ?? { kind: 'undecoded', reason: 'skipped' })
        expect(last).toMatchObject({ signal: 'auth_failures', pair: { role: 'deputy' } })
      }),
      { numRuns: 500 },
    )
  })
})

describe('the time of a line of the console in plain text', () => {
  const { close } = refusalBy({})
  const undated = close.replace(TIME, '14:00:31')
  const timeIn = (body: string) => {
    const decoding = decode(body)
    return decoding.kind === 'undecoded' ? decoding.reason : new Date(decoding.time ?? 0).toISOString()
  }
  const taken: Readonly<Record<string, string>> = {
    journald: '2026-11-28T15:48:11.007Z',
    'openshell-logs': '2026-04-01T04:04:13.058Z',
  }
  const timesOf: Readonly<Record<string, RegExp>> = { iso: /2026-11-28T\d\d:48:11[\d.]{0,10}(?:Z|[+-]\d\d:?\d\d)/ }

  const ownTime = '2026-11-29T14:00:31.671Z'

  it.each(
    Object.entries(envelopesOfPrograms).flatMap(([name, wraps]) => wraps.map(wrap => [name, wrap(''), wrap] as const)),
  )(
    'is that of its envelope, which no client chooses, else its own where it has a date: %s %j',
    (name, empty, wrap) => {
      // `openclaw logs` writes the time of the record, not one of its own.
      const written = name === 'openclaw-logs' ? undefined : timesOf.iso?.exec(empty)?.[0]
      const expected = taken[name] ?? (written === undefined ? undefined : new Date(written).toISOString())
      expect(timeIn(wrap(undated))).toBe(expected ?? 'bad_time')
      expect(timeIn(wrap(colouredConsole(undated)))).toBe(expected ?? 'bad_time')
      expect(timeIn(wrap(close))).toBe(expected ?? ownTime)
    },
  )

  it('is not guessed where nothing gives the date', () => {
    expect(timeIn(undated)).toBe('bad_time')
    expect(timeIn(close.replace(TIME, TIME.slice(0, -6)))).toBe('bad_time')
    expect(timeIn(close.replace('2026-11-29', '2026-13-41'))).toBe('bad_time')
  })

  it('is @timestamp of a document where the line has the time of day only', () => {
    const ask = (line: string, more: Record<string, unknown>) =>
      dispatcher.decode({ id: '', body: { line, ...more }, open: document => String(document.line) }).decoding
    expect(ask(undated, { '@timestamp': '2026-11-29T14:00:33.000Z' }).time).toBe(Date.parse('2026-11-29T14:00:33Z'))
    expect(ask(close, { '@timestamp': '2026-11-30T00:00:00.000Z' }).time).toBe(Date.parse(TIME))
    expect(ask(undated, {})).toEqual({ kind: 'undecoded', reason: 'bad_time' })
  })
})
