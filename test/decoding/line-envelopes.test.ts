import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { createDispatcher, type Decoded } from '../../decoding/dispatch.ts'
import { lineEnvelopes } from '../../decoding/envelopes/registry.ts'
import { dialects } from '../../decoding/registry.ts'
import { describeWithCapture } from '../requirements.ts'
import { dialectFixtures, isOfKernel, moves, undatedByEnvelope } from './dialect-fixtures.ts'
import { envelopesOfPrograms, journalEntry, lineEnvelopeFixtures } from './line-envelope-fixtures.ts'

const dispatcher = createDispatcher(dialects)
const decode = (body: string) => dispatcher.decode({ id: '1', body })
/** Of each fixture, decoded once for all envelopes. */
const bareDecodings = new Map<string, Decoded>()
function bareDecodingOf(line: string): Decoded {
  const known = bareDecodings.get(line) ?? decode(line)
  bareDecodings.set(line, known)
  return known
}
const page = readFileSync(new URL('../../docs/decoders.md', import.meta.url), 'utf8')
const refusal = dialectFixtures['openclaw-console']?.lines?.find(line => line.includes('"cause":"unauthorized"')) ?? ''
/** The parts of a header: words, and structured data as one. */
const PARTS = /\[.*\]|\S+/g
/** A part that may be absent: the time of `docker compose logs -t`, a colour, the year. */
const isOptional = (part: string) => /^(?:\d{4}(?:-\d\d-\d\dT\S{9,}Z)?)?$/.test(part.replace('\u001b[0m', ''))

const formsOf = (name: string) => lineEnvelopeFixtures[name] ?? []

/** The line in every form of the envelope. */
const wraps = (name: string, line: string): string[] => formsOf(name).map(fixture => fixture(line))

/** The line in the first form of the envelope. */
function wrap(name: string, line: string): string {
  const [first] = wraps(name, line)
  if (first === undefined) throw new Error(`envelope ${name} has no fixture in test/decoding/line-envelope-fixtures.ts`)
  return first
}

it('every envelope of lines has a fixture, and no fixture is left of one that is gone', () => {
  expect(Object.keys(lineEnvelopeFixtures).toSorted()).toEqual(lineEnvelopes.map(({ name }) => name).toSorted())
})

describe.each(lineEnvelopes.map(envelope => [envelope.name, envelope] as const))(
  'envelope of lines %s',
  (name, envelope) => {
    const holdsPrograms = name in envelopesOfPrograms
    const [ofPrograms, ofKernel] = [dialects.filter(each => !isOfKernel(each)), dialects.filter(isOfKernel)]

    it.each(ofKernel.map(dialect => [dialect.name, dialect] as const))(
      'makes no line of a program one of %s, in any form, and holds none of a program where the kernel writes',
      (_, dialect) => {
        const held = holdsPrograms ? [dialect] : ofPrograms
        const wrapped = held.flatMap(each => dialectFixtures[each.name]?.lines ?? []).flatMap(line => wraps(name, line))
        expect(wrapped.filter(line => moves(decode(line).decoding))).toEqual([])
      },
    )

    it.each(ofPrograms.map(dialect => [dialect.name, dialect] as const))(
      'leaves the claim of %s as it is, in every form, and its prefilter loses nothing',
      (_, dialect) => {
        if (!holdsPrograms) return
        const { prefilter } = dispatcher
        for (const line of dialectFixtures[dialect.name]?.lines ?? []) {
          const bare = bareDecodingOf(line)
          const expected = undatedByEnvelope(dialect, bare)
          const written = JSON.stringify(expected)
          const isMoving = moves(bare.decoding)
          for (const wrapped of wraps(name, line)) {
            const found = undatedByEnvelope(dialect, decode(wrapped))
            // A comparison by jest for each of 100,000 lines would take most of the time.
            if (JSON.stringify(found) !== written) expect(found).toEqual(expected)
            if (prefilter !== 'all' && isMoving && !prefilter.some(text => wrapped.includes(text)))
              throw new Error(`the prefilter loses ${wrapped}`)
          }
        }
      },
    )

    it('loses nothing by its prefilter where the record is a list of bytes, as journald writes what is not UTF-8', () => {
      if ('header' in envelope) return
      const { prefilter } = dispatcher
      const { raw } = envelope.record
      const fields = JSON.parse(wrap(name, `${refusal}\n`))
      const line = JSON.stringify({ ...fields, [raw]: [...Buffer.from(fields[raw])] })
      for (const written of [line, line.replaceAll('":', '" : ')]) {
        expect(decode(written)).toEqual(decode(refusal))
        expect(prefilter === 'all' || prefilter.some(text => written.includes(text))).toBe(true)
      }
    })

    it('holds the whole record and nothing else', () => {
      for (const text of [`x${refusal}`, `${refusal}x`, `says: ${refusal}`, JSON.stringify(refusal), `[${refusal}]`]) {
        for (const wrapped of wraps(name, text)) expect(decode(wrapped).decoder).toBe('none')
      }
    })

    it('is opened once: what is in an envelope in an envelope is not opened', () => {
      for (const other of lineEnvelopes) {
        for (const inner of wraps(other.name, refusal)) {
          for (const wrapped of wraps(name, inner)) expect(decode(wrapped).decoding.kind).not.toBe('claim')
        }
      }
    })

    it.each(formsOf(name).map(fixture => [fixture(''), fixture] as const))(
      'is not opened where a mark of %j is missing',
      (header, fixture) => {
        if ('header' in envelope) {
          for (const part of header.matchAll(PARTS)) {
            if (isOptional(part[0])) continue
            const rest = header.slice(0, part.index) + header.slice(part.index + part[0].length).trimStart()
            // Without its only mark it is no envelope, and the record is a line of its own.
            if (rest === '') continue
            expect([part[0], decode(`${rest}${refusal}`).decoding.kind]).not.toEqual([part[0], 'claim'])
          }
          return
        }
        const whole = JSON.parse(fixture(refusal))
        expect(decode(JSON.stringify(whole)).decoding.kind).toBe('claim')
        for (const { path } of envelope.marks) {
          const { [path]: _mark, ...rest } = whole
          expect(decode(JSON.stringify(rest)).decoding.kind).not.toBe('claim')
        }
      },
    )

    it.each(formsOf(name).map(fixture => [fixture(refusal)]))('is not opened of another program: %j', line => {
      const collectsAll = 'header' in envelope ? envelope.isOpened : envelope.programs
      if (collectsAll === undefined) return
      const headed = line.slice(0, line.indexOf('closed before connect'))
      const foreign = headed.replaceAll(/openclaw|nginx|\bnode\b/g, 'shop') + line.slice(headed.length)
      expect(foreign).not.toBe(line)
      expect(decode(line).decoding.kind).toBe('claim')
      expect(decode(foreign).decoding.kind).not.toBe('claim')
    })

    it('has its row on docs/decoders.md', () => {
      expect(page).toContain(`| \`${name}\` | ${envelope.documentation.writtenBy} |`)
    })
  },
)

describe('a line of a file', () => {
  it('may begin with a byte order mark, or with the NULs of a file that was truncated while it was written', () => {
    for (const padding of ['\ufeff', '\0'.repeat(4096)]) expect(decode(padding + refusal)).toEqual(decode(refusal))
  })

  it('may be an entry of the journal as a list of bytes', () => {
    const entry = { ...JSON.parse(wrap('journald', '')), MESSAGE: [...Buffer.from(refusal)] }
    expect(decode(JSON.stringify(entry))).toEqual(decode(refusal))
    for (const list of [[], [256], [-1], [1.5], ['a'], [null]]) {
      expect(decode(JSON.stringify({ ...entry, MESSAGE: list })).decoding.kind).toBe('undecoded')
    }
  })

  it('after white space is no record: journalctl indents the further lines of any message', () => {
    const wraps = formsOf('syslog').concat(formsOf('docker-json-file'), (line: string) => line)
    for (const space of [' ', '\t', ' '.repeat(31)]) {
      for (const wrapped of wraps) expect(decode(wrapped(`${space}${refusal}`)).decoding.kind).toBe('undecoded')
    }
  })

  /** What to do, on the page, in the log and by check-config. */
  const LEFT_OUT = { field: 'MESSAGE', advice: expect.stringMatching(/journalctl -o json --all or -o export$/) }

  it('in a header of syslog that was cut or split is counted as a part, as the journal does not mark it', () => {
    for (const length of [1, 40, refusal.length - 1]) {
      const cut = decode(wrap('syslog', refusal.slice(0, length)))
      expect(cut).toMatchObject({ decoding: { kind: 'undecoded', reason: 'partial_record' }, lacks: LEFT_OUT })
    }
    expect(decode(wrap('syslog', 'a text')).decoding).toEqual({ kind: 'undecoded', reason: 'not_json' })
    expect(decode(refusal.slice(0, 40)).decoding).toEqual({ kind: 'undecoded', reason: 'not_json' })
  })

  it('of the journal whose text journalctl left out is counted as a part, and not skipped', () => {
    for (const written of [wrap('journald', ''), wrap('journald', '').replaceAll('":', '" : ')]) {
      const line = written.replace(/""}$/, 'null}')
      expect(line).toContain('null')
      expect(decode(line)).toMatchObject({ decoding: { kind: 'undecoded', reason: 'partial_record' }, lacks: LEFT_OUT })
      expect(dispatcher.prefilter === 'all' || dispatcher.prefilter.some(text => line.includes(text))).toBe(true)
    }
    for (const size of ['1B', '4.0K', '131M']) {
      const line = wrap('syslog', `[${size} blob data]`)
      expect(decode(line)).toMatchObject({ decoding: { kind: 'undecoded', reason: 'partial_record' }, lacks: LEFT_OUT })
      expect(dispatcher.prefilter === 'all' || dispatcher.prefilter.some(text => line.includes(text))).toBe(true)
    }
    const foreign = journalEntry({ _SYSTEMD_UNIT: 'shop.service' }, '').replace(/""}$/, 'null}')
    expect(decode(foreign).decoding).toEqual({ kind: 'undecoded', reason: 'unknown_layout' })
  })

  it.each([
    [
      'journald',
      (line: string) =>
        JSON.stringify({ ...JSON.parse(wrap('journald', line)), _LINE_BREAK: 'line-max', _STREAM_ID: 'a' }),
    ],
    [
      'docker-json-file',
      (line: string) => JSON.stringify({ log: line, stream: 'stdout', time: '2026-11-28T15:48:11Z' }),
    ],
    ['cri', (line: string) => `2026-11-28T15:48:11.007123456Z stdout P ${line}`],
  ])('that %s split is counted as a part', (_name, part) => {
    expect(decode(part(refusal.slice(0, 200))).decoding).toEqual({ kind: 'undecoded', reason: 'partial_record' })
  })

  it.each([
    ['another program under the same syslog', `Nov 28 15:48:11 gw sshd[4711]: ${refusal}`],
    ['a program that repeats what it was given', `Nov 28 15:48:11 gw openclaw[4711]: received ${refusal}`],
    ['another program under the same syslog, by RFC 5424', `<30>1 2026-11-28T15:48:11Z gw shop 4711 - - ${refusal}`],
    ['another container of the same project', `shop-1  | ${refusal}`],
    ['a task of another service on a node of that name', `shop.1.k3j2h1g4f5d6@openclaw-1    | ${refusal}`],
    ['another unit in the output of journalctl', `Sat 2026-11-28 15:48:11 UTC gw shop.service[4711]: ${refusal}`],
    [
      'another container on a machine of that name',
      `<30>1 2026-11-28T15:48:11Z openclaw docker/shop 4711 - - ${refusal}`,
    ],
    ['another unit under the same journal', journalEntry({ _SYSTEMD_UNIT: 'shop.service' }, refusal)],
    [
      'another program of Node.js under the same journal',
      journalEntry({ _SYSTEMD_UNIT: 'shop.service', SYSLOG_IDENTIFIER: 'node' }, refusal),
    ],
    ['an entry of the journal that names no program', journalEntry({}, refusal)],
    [
      'a program that logs an object with the fields of openclaw logs',
      JSON.stringify({ type: 'log', time: '2026-11-28T15:48:11Z', raw: refusal }),
    ],
    [
      'a program that logs an object with the fields of openclaw logs among its own',
      JSON.stringify({ ...JSON.parse(wrap('openclaw-logs', refusal)), service: 'shop' }),
    ],
    [
      'a client of a web server',
      `198.51.100.7 - - [28/Nov/2026:15:48:11 +0000] "GET / HTTP/1.1" 401 0 "-" "${refusal}"`,
    ],
    [
      'a program that logs an object with the fields of Docker among its own',
      JSON.stringify({ log: `${refusal}\n`, stream: 'stdout', time: '2026-11-28T15:48:11Z', level: 'warn' }),
    ],
    ['a program that logs an object', JSON.stringify({ level: 'warn', log: refusal, time: '2026-11-28T15:48:11Z' })],
  ])('by %s is no record of the gateway', (_who, line) => {
    expect(decode(line).decoding.kind).toBe('undecoded')
  })
})

it('a record of the gateway is not hidden by fields that are named like those of Docker', () => {
  const record = JSON.stringify({ ...JSON.parse(refusal), log: 'quiet\n', stream: 'stdout' })
  expect(decode(record)).toEqual(decode(refusal))
})

describeWithCapture('fixtures/field/files', 'files of container runtimes and commands', folder => {
  it.each(['cri', 'docker-json-file', 'journal-json', 'openclaw-logs-json', 'utf8-bom'])(
    '%s.log gives its three refusals, and nothing else',
    name => {
      const lines = readFileSync(join(folder, `${name}.log`), 'utf8')
        .trimEnd()
        .split('\n')
      const refusals = lines.filter(line => line.includes('unauthorized'))
      // By eye: each second a client at one address shows a wrong token, on a connection of its own.
      const expected = refusals.map((line, second) => ({
        signal: 'auth_failures',
        labels: { mechanism: 'shared_secret', reason: 'token_mismatch' },
        outcome: 'failure',
        severity: 'medium',
        time: Date.parse(`2026-11-28T15:48:1${second + 1}.007Z`),
        count: 1,
        stream: 'file-log',
        origin: { port: 18_789, subsystem: 'gateway/ws', ...(line.includes('hostname') && { host: 'gw' }) },
        actor: { peerAddress: '198.51.100.7' },
        // The record itself comes last.
        pair: { key: [...line.matchAll(/conn=([0-9a-f-]{36})/g)].at(-1)?.[1], role: 'leading' },
      }))
      const decodings = lines.map(line => decode(line).decoding)
      expect(expected).toHaveLength(3)
      expect(decodings.flatMap(one => (one.kind === 'claim' ? one.claim : []))).toEqual(expected)
      // `openclaw logs --json` begins with a line about the file.
      const others = name === 'openclaw-logs-json' ? [{ kind: 'undecoded', reason: 'unknown_layout' }] : []
      expect(decodings.filter(({ kind }) => kind !== 'claim')).toEqual(others)
    },
  )

  it('size-cap.log gives its refusal and what the gateway says that it lost', () => {
    const lines = readFileSync(join(folder, 'size-cap.log'), 'utf8').trimEnd().split('\n')
    expect(lines.map(line => decode(line).decoding)).toMatchObject([
      {
        kind: 'claim',
        claim: {
          signal: 'auth_failures',
          labels: { mechanism: 'shared_secret', reason: 'token_mismatch' },
          actor: { peerAddress: '198.51.100.7' },
          count: 1,
        },
      },
      { kind: 'telemetry_lost' },
    ])
  })
})
