import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createDispatcher } from '../../decoding/dispatch.ts'
import { foreignSentence, formatOfDocument, formatOfLine } from '../../decoding/foreign-format.ts'
import { dialects } from '../../decoding/registry.ts'
import { realLines } from './fixtures.ts'
import { journalEntry } from './line-envelope-fixtures.ts'

const dispatcher = createDispatcher(dialects)
const known = realLines[0] ?? ''

describe('a line in no known format', () => {
  it.each([
    [
      '198.51.100.7 - - [28/Nov/2026:15:48:11 +0000] "GET / HTTP/1.1" 401 0 "-" "curl/8"',
      'an access log in the common or combined format of Apache',
    ],
    ['[Sat Nov 28 15:48:11.123456 2026] [core:notice] [pid 1] started', 'an error log of Apache'],
    ['{"level":"info","logger":"http.log.access.log0","request":{},"status":401}', 'an access log of Caddy as JSON'],
    ['2026/11/28 15:48:11.123\tINFO\thttp.log.access\thandled request', 'a log of Caddy for a terminal'],
    ['{"ClientAddr":"198.51.100.7:1","DownstreamStatus":401}', 'an access log of Traefik as JSON'],
    ['{"response_code":401,"upstream_host":"10.0.0.1"}', 'an access log of Envoy as JSON'],
    ['{"remote_addr":"198.51.100.7","status":"401"}', 'an access log of nginx as JSON in a format of its own'],
    ['12:00:01 [gateway/ws] closed before connect', 'text as the console of OpenClaw'],
    ['2026-11-29T10:22:10.725+00:00 [gateway] loading configuration…', 'text as the console of OpenClaw'],
    ['\u001b[36m[gateway]\u001b[39m starting...', 'text as the console of OpenClaw'],
    ['{"severity":"INFO","text":"x"}', 'JSON of another program, with the keys severity, text'],
    ['{"a":1,"b":1,"c":1,"d":1,"e":1}', 'with the keys a, b, c, d and others'],
    ['{"<b>":1}', 'JSON of another program'],
    ['{"log":"{\\"a\\":1}\\n","stream":"stdout","time":"2026-11-29T09:50:18Z"}', 'with the key a'],
    ['2026-11-29T09:50:18Z stdout F {"a":1}', 'with the key a'],
    ['__CURSOR=s=1;i=1', 'the export format of the journal'],
    ['MESSAGE={"a":1}', 'the export format of the journal'],
    [journalEntry({ _SYSTEMD_UNIT: 'assistant.service' }, known), 'by programs of other names'],
    ['assistant-1  | {"a":1}', 'by programs of other names'],
    ['Nov 28 15:48:11 gw assistant[4711]: {"a":1}', 'by programs of other names'],
    ['<30>1 2026-11-28T15:48:11Z gw assistant 4711 - - {"a":1}', 'by programs of other names'],
    ['Nov 28 15:48:11 gw openclaw[4711]: {"a":1}', 'with the key a'],
    ['<?xml version="1.0"?>', 'XML or HTML'],
    ['nohup: ignoring input', 'plain text'],
    ['[1,2]', 'plain text'],
  ])('%j looks like %s', (line, words) => {
    expect(formatOfLine(line)?.looksLike).toContain(words)
  })

  it('is not one of an error log of nginx, of which few lines bring anything', () => {
    expect(formatOfLine('2026/11/28 15:48:11 [notice] 12#12: start worker processes')).toBeUndefined()
  })

  it('is described in one line, by names that are plain', () => {
    const lines = fc.oneof(
      fc.string(),
      fc.json(),
      fc.dictionary(fc.string(), fc.string()).map(object => JSON.stringify(object)),
    )
    fc.assert(
      fc.property(lines, line => {
        const format = formatOfLine(line)
        if (format !== undefined) expect(foreignSentence('file x', format)).toMatch(/^[\w .,:;{}()@/-]+$/)
      }),
    )
  })
})

describe('a document in no known format', () => {
  const look = (document: Record<string, unknown>, isOpened = false) => formatOfDocument(document, isOpened, dispatcher)

  it.each([
    [{ message: known }, 'set envelope: { raw: message } at the source'],
    [{ log: `${known}\n`, stream: 'stdout', time: '2026-11-28T15:48:11Z' }, 'set envelope: { raw: log } at the source'],
    [{ json: JSON.parse(known) }, 'set envelope: { parsed: json } at the source'],
  ])('whose record is known only lacks the marks of its shipper', (document, advice) => {
    expect(look(document)?.advice).toBe(advice)
  })

  it('that the journal took of a program of another name is not to be opened as it is', () => {
    const entry = JSON.parse(journalEntry({ _SYSTEMD_UNIT: 'shop.service' }, known))
    expect(look(entry)?.looksLike).toContain('by programs of other names')
    expect(look({ MESSAGE: known, _SYSTEMD_UNIT: 'shop.service' })?.advice).not.toContain('raw: MESSAGE')
  })

  it('looks like the text in it, else like its fields', () => {
    expect(look({ message: '{"logger":"x","request":{},"status":1}' })?.looksLike).toBe(
      'an access log of Caddy as JSON, in the field message',
    )
    expect(look({ level: 3 })?.looksLike).toBe('JSON of another program, with the key level')
  })

  it('is not one whose envelope holds a line of an error log of nginx', () => {
    expect(look({ message: '2026/11/28 15:48:11 [notice] 12#12: start' }, true)).toBeUndefined()
  })
})
