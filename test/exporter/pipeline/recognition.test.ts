import { describe, expect, it } from '@jest/globals'
import { createDispatcher } from '../../../decoding/dispatch.ts'
import { dialects } from '../../../decoding/registry.ts'
import type { RawRecord } from '../../../decoding/toolkit/record.ts'
import type { Place, SourceRecord } from '../../../exporter/contracts/source.ts'
import { incompleteSentence, Recognition, unrecognisedSentence } from '../../../exporter/pipeline/recognition.ts'
import { logLine } from '../sources/file/following.ts'

const foreign = '198.51.100.7 - - [28/Nov/2026:15:48:11 +0000] "GET / HTTP/1.1" 401 0'
const nothing = { skipped: 0, undecoded: {}, lostBytes: 0 }
const dispatcher = createDispatcher(dialects)

const recognition = () => new Recognition(dispatcher)
const file = (name: string): Place => ({ kind: 'file', name })
const index = (name: string): Place => ({ kind: 'index', name })

/** A record of this body, in this place. */
const recordOf = (body: RawRecord['body'], place?: Place): SourceRecord =>
  place === undefined ? { id: '', body } : { id: '', body, place }

/** Decodes a record as the pipeline does. */
function parse(source: Recognition, record: SourceRecord): void {
  const { decoding, ...named } = dispatcher.decode(record)
  source.record(record, { ...named, ...decoding })
}

const sample = (source: Recognition, lines: readonly string[], place = file('/log/a.log')) =>
  source.skipped({ samples: { place, lines: () => lines }, tally: nothing })

const unrecognised = (source: Recognition) => source.unrecognised.map(({ kind, name }) => `${kind} ${name}`)

describe('whether a source is in a known format', () => {
  it('is not known before anything is read', () => {
    const source = recognition()
    sample(source, [])
    source.skipped({ tally: nothing })
    sample(source, ['', ' '])
    expect(source.isRecognised).toBeUndefined()
  })

  it('is false while every line is foreign, and true from the first one that is not, although it brings no event', () => {
    const source = recognition()
    sample(source, [foreign, ''])
    parse(source, recordOf(foreign))
    expect(source.isRecognised).toBe(false)
    sample(source, [foreign, logLine('quiet')])
    expect(source.isRecognised).toBe(true)
    parse(source, recordOf(foreign))
    expect(source.isRecognised).toBe(true)
  })

  it('is false where no line of a file ends, which is named until a record of it is read', () => {
    const source = recognition()
    const place = file('/log/a.log')
    source.skipped({ unended: [{ place, hasCarriageReturns: true }], tally: nothing })
    expect(source.isRecognised).toBe(false)
    expect(source.unrecognised.map(unrecognisedSentence)).toEqual([
      'Nothing that was read of file /log/a.log is in a known format: it looks like text whose lines end with a carriage return alone; a record counts when a line feed ends it: end each one with LF or CR LF.',
    ])
    sample(source, [logLine('quiet')], place)
    source.skipped({ unended: [{ place, hasCarriageReturns: false }], tally: nothing })
    expect(source.isRecognised).toBe(true)
    expect(source.unrecognised).toEqual([])
  })

  it('makes no text of a sample of a file that is recognised', () => {
    const source = recognition()
    const place = file('/log/a.log')
    const lines = () => {
      throw new Error('texts were made')
    }
    sample(source, [logLine('quiet')], place)
    expect(() => source.skipped({ samples: { place, lines }, tally: nothing })).not.toThrow()
    expect(() => source.skipped({ samples: { place: file('/log/b.log'), lines }, tally: nothing })).toThrow()
  })

  it('is true where the source itself has recognised what it skipped', () => {
    const source = recognition()
    source.skipped({ tally: { ...nothing, skipped: 3 } })
    expect(source.isRecognised).toBe(true)
  })

  it('is true of an error log of nginx in which no handshake has failed', () => {
    const source = recognition()
    sample(source, ['2026/11/29 09:50:18 [notice] 12#12: start worker processes'])
    expect(source.isRecognised).toBe(true)
  })

  it('is not decided by a part of a line that a container runtime split', () => {
    const source = recognition()
    parse(source, recordOf('{"log":"{\\"0\\":","stream":"stdout","time":"2026-11-29T09:50:18Z"}'))
    expect(source.isRecognised).toBeUndefined()
  })
})

describe('a file beside others', () => {
  it('is named while none of its lines is in a known format, with what it looks like', () => {
    const source = recognition()
    sample(source, [logLine('quiet')], file('/log/a.log'))
    sample(source, [foreign], file('/log/b.log'))
    expect(source.isRecognised).toBe(true)
    expect(source.unrecognised.map(unrecognisedSentence)).toEqual([
      'Nothing that was read of file /log/b.log is in a known format: it looks like an access log in the common format of Apache, Caddy or Traefik, or in a variant of it; ' +
        'docs/proxies.md has the formats of web servers and proxies that are read; ' +
        'if it is no log of OpenClaw or its proxy, leave it out of paths (narrow the pattern).',
    ])
    parse(source, recordOf(logLine('known'), file('/log/b.log')))
    sample(source, [foreign], file('/log/b.log'))
    expect(source.unrecognised).toEqual([])
  })

  it('is named where a thread has decoded its lines, and described by a sample', () => {
    const source = recognition()
    const decoded = dispatcher.decode({ id: '', body: foreign })
    source.record({ ...recordOf('', file('/log/b.log')), decoded }, { decoder: 'none', reason: 'not_json' })
    expect(unrecognisedSentence(source.unrecognised[0] as never)).toContain(
      'file /log/b.log is in a known format: it looks like the log of another program',
    )
    sample(source, [foreign], file('/log/b.log'))
    expect(unrecognisedSentence(source.unrecognised[0] as never)).toContain('an access log')
  })

  it('is forgotten where a thousand others have come since', () => {
    const source = recognition()
    for (let number = 0; number < 2_500; number++) sample(source, [foreign], file(`/log/${number}.log`))
    expect(source.unrecognised).toHaveLength(1_000)
    expect(unrecognised(source)[0]).toBe('file /log/1500.log')
  })
})

describe('the advice about a file', () => {
  const narrow = 'if it is no log of OpenClaw or its proxy, leave it out of paths (narrow the pattern)'

  it.each([
    ['JSON of another program', '{"msg":"started","port":80}'],
    ['an access log of another web server', foreign],
    ['plain text', 'started'],
    ['XML', '<event/>'],
  ])('of %s says that the pattern may match a file too many', (_what, line) => {
    const source = recognition()
    sample(source, [line])
    expect(source.unrecognised.map(unrecognisedSentence)).toEqual([expect.stringContaining(narrow)])
    expect(source.unrecognised[0]?.format?.advice).toContain(narrow)
  })

  it('says so where only the result of decoding is known', () => {
    expect(unrecognisedSentence({ kind: 'file', name: 'a.log' })).toContain(narrow)
  })

  it('does not say so of an index, nor of a format that is to be corrected', () => {
    const source = recognition()
    parse(source, recordOf({ message: 'started' }, index('logs')))
    sample(source, ['{"remote_addr":"::1","status":"401"}'])
    expect(source.unrecognised).toHaveLength(2)
    for (const place of source.unrecognised) expect(unrecognisedSentence(place)).not.toContain(narrow)
  })
})

describe('a file whose format lacks a field', () => {
  const nginxLine = (parts: Record<string, string>) =>
    JSON.stringify({
      time: '2026-11-29T10:51:44+00:00',
      remote_addr: '203.0.113.9',
      status: '401',
      request: 'GET /shop HTTP/1.1',
      ssl_client_verify: 'NONE',
      ...parts,
    })

  it('is named with the field, what is not counted without it, and what to configure', () => {
    const source = recognition()
    sample(source, [nginxLine({ status: '200' })], file('/log/access.log'))
    expect(source.isRecognised).toBe(true)
    expect(source.unrecognised).toEqual([])
    expect(source.incomplete.map(incompleteSentence)).toEqual([
      "The records of file /log/access.log lack the field upstream_status: whether nginx or the program behind it refused a request is unknown, so that 401, 403, 413 and 429 count on OpenClaw's routes only; " +
        'use the log_format of deploy/nginx/log-format.conf.',
    ])
  })

  it('is named where journalctl left out or cut what was logged, whatever else it wrote, with the options to use', () => {
    const entry = (MESSAGE: string | null) =>
      JSON.stringify({
        __REALTIME_TIMESTAMP: '1795880891007112',
        _HOSTNAME: 'gw',
        SYSLOG_IDENTIFIER: 'openclaw',
        MESSAGE,
      })
    const source = recognition()
    const lines = { '/log/a.json': entry(null), '/log/b.log': 'Nov 28 15:48:11 gw openclaw[4711]: [4.0K blob data]' }
    for (const [path, line] of Object.entries(lines)) {
      parse(source, recordOf(line, file(path)))
      parse(source, recordOf(entry(logLine('quiet')), file(path)))
      parse(source, recordOf(entry('{}'), file(path)))
    }
    expect(source.incomplete.map(incompleteSentence)).toEqual(
      Object.keys(lines).map(
        path =>
          `The records of file ${path} lack the field MESSAGE: the text of some of them was left out or cut, and these are not counted; write them by journalctl -o json --all or -o export.`,
      ),
    )
  })

  it('is named until a record of the same dialect has it', () => {
    const source = recognition()
    parse(source, recordOf(nginxLine({}), file('/log/access.log')))
    parse(source, recordOf(logLine('quiet'), file('/log/access.log')))
    parse(source, recordOf(nginxLine({ upstream_status: '' }), file('/log/other.log')))
    expect(source.incomplete).toHaveLength(1)
    parse(source, recordOf(nginxLine({ upstream_status: '' }), file('/log/access.log')))
    expect(source.incomplete).toEqual([])
  })

  it('is forgotten where a thousand others have come since', () => {
    const source = recognition()
    for (let number = 0; number < 1_500; number++) parse(source, recordOf(nginxLine({}), file(`/log/${number}.log`)))
    expect(source.incomplete).toHaveLength(1_000)
  })
})

describe('a file with the console of OpenClaw in plain text', () => {
  const plain = '2026-11-29T14:00:31.671+00:00 [gateway] ready'
  const log = file('/log/console.log')

  it('is named until a record of the gateway in JSON follows that no client may have written', () => {
    const source = recognition()
    sample(source, [plain], log)
    expect([source.isRecognised, source.incomplete.map(({ lacks }) => lacks.field)]).toEqual([true, ['address']])
    parse(source, { ...recordOf(logLine('quiet'), log), forgeable: 'wrapped' })
    expect(source.incomplete).toHaveLength(1)
    parse(source, recordOf(logLine('quiet'), log))
    expect(source.incomplete).toEqual([])
  })
})

describe('an index, and a gateway', () => {
  const own = { message: 'a text of a program', host: { name: 'gw-2' } }
  const known = { ...JSON.parse(logLine('quiet')), host: { name: 'gw-2' } }

  it('are named while no document of them is in a known format', () => {
    const source = recognition()
    parse(source, recordOf({ ...known, host: { name: 'gw-1' } }, index('logs-1')))
    parse(source, recordOf(own, index('logs-2')))
    expect(unrecognised(source)).toEqual(['index logs-2', 'gateway gw-2'])
    expect(unrecognisedSentence(source.unrecognised[0] as never)).toContain(
      'it looks like plain text, in the field message',
    )
    parse(source, recordOf(known, index('logs-1')))
    expect(unrecognised(source)).toEqual(['index logs-2'])
    source.skipped({ recognised: [index('logs-2')], tally: { ...nothing, skipped: 1 } })
    expect(unrecognised(source)).toEqual([])
  })

  it('are not named where they had events before', () => {
    const source = recognition()
    source.record(recordOf(known, index('logs-1')), { decoder: 'openclaw-file', event: { gateway: 'gw-2' } })
    parse(source, recordOf(own, index('logs-1')))
    expect(source.unrecognised).toEqual([])
  })

  it('are named so that a terminal obeys nothing of a name that a document chose', () => {
    const source = recognition()
    parse(source, recordOf({ ...own, host: { name: 'gw\u001b[2J\n2' } }))
    expect(unrecognisedSentence(source.unrecognised[0] as never)).toContain(
      'of gateway "gw\\u001b[2J\\n2" is in a known format',
    )
  })

  it('are told apart from documents whose record is only in no known envelope', () => {
    const source = recognition()
    parse(source, recordOf({ message: logLine('known') }, index('logs-1')))
    expect(unrecognisedSentence(source.unrecognised[0] as never)).toBe(
      'Nothing that was read of index logs-1 is in a known format: it looks like a supported log in the field message, without the marks of a known shipper; set envelope: { raw: message } at the source.',
    )
  })
})
