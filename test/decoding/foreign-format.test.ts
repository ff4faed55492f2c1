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
      '198.51.100.7 - - [28/Nov/2026:15:48:11 +0000] "GET / HTTP/1.1" 401 0',
      'an access log in the common format of Apache',
    ],
    ['[Sat Nov 28 15:48:11.123456 2026] [core:notice] [pid 1] started', 'an error log of Apache'],
    ['2026/11/28 15:48:11.123\tINFO\thttp.log.access\thandled request', 'a log of Caddy for a terminal'],
    ['{"logger":"http.log.access","request":{},"status":401}', 'an access log of Caddy as JSON in a format of its own'],
    ['{"ClientHost":"198.51.100.7","DownstreamStatus":401}', 'an access log of Traefik as JSON without ClientAddr'],
    [
      'web-1  | 198.51.100.7 - - [28/Nov/2026:15:48:11 +0000] "GET / HTTP/1.1" 401 179 "-" "x"',
      'by programs of other names',
    ],
    ['{"response_code":401,"upstream_host":"10.0.0.1"}', 'an access log of Envoy as JSON'],
    [
      '{"remote_addr":"198.51.100.7","status":"401"}',
      'an access log of nginx as JSON without the field ssl_client_verify',
    ],
    ['{"remote_addr":"198.51.100.7","status":"401","ssl_client_verify":0}', 'as JSON in a format of its own'],
    ['2026-11-28T15:48:11.007123456Z {"a":1}', 'the output of docker logs or kubectl logs with times or names'],
    ['[pod/openclaw-0/gateway] {"a":1}', 'the output of docker logs or kubectl logs'],
    ['[pod/openclaw-0/gateway] 2026-11-28T15:48:11.007123456Z {"a":1}', 'the output of docker logs or kubectl logs'],
    ['{"severity":"INFO","text":"x"}', 'JSON of another program, with the keys severity, text'],
    ['{"a":1,"b":1,"c":1,"d":1,"e":1}', 'with the keys a, b, c, d and others'],
    ['{"<b>":1}', 'JSON of another program'],
    ['{"log":"{\\"a\\":1}\\n","stream":"stdout","time":"2026-11-29T09:50:18Z"}', 'with the key a'],
    ['2026-11-29T09:50:18Z stdout F {"a":1}', 'with the key a'],
    ['__CURSOR=s=1;i=1', 'the export format of the journal'],
    ['MESSAGE={"a":1}', 'the export format of the journal'],
    [journalEntry({ _SYSTEMD_UNIT: 'assistant.service' }, known), 'by programs of other names'],
    ['{"__REALTIME_TIMESTAMP":"1","MESSAGE":"{}"}', 'entries of a journal without __REALTIME_TIMESTAMP or _HOSTNAME'],
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

  /** As their manuals give them, and as their servers wrote them in tests. */
  const ofWebServers = {
    'common format of Apache': '127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326',
    'combined format of Apache with the virtual host':
      'www.example.com:443 198.51.100.7 - - [28/Nov/2026:15:48:11 +0000] "GET /v1/models HTTP/1.1" 401 381 "-" "curl/8"',
    'HTTP format of HAProxy':
      '10.0.1.2:33317 [06/Feb/2009:12:14:14.655] http-in static/srv1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 {1wt.eu} {} "GET /index.html HTTP/1.1"',
    'HTTP format of HAProxy by syslog':
      'Feb  6 12:14:14 localhost haproxy[14389]: 10.0.1.2:33317 [06/Feb/2009:12:14:14.655] http-in static/srv1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 "GET / HTTP/1.1"',
    'default format of HAProxy by syslog':
      'Feb  6 12:12:09 localhost haproxy[14385]: Connect from 10.0.1.2:33312 to 10.0.3.31:8012 (www/HTTP)',
    'JSON of HAProxy':
      '{"log":"request","ts":1795884366.0,"client":"127.0.0.1","frontend":"gateway~","backend":"gateway","status":401}',
    'default format of Envoy':
      '[2026-11-28T15:48:11.310Z] "GET /v1/models HTTP/2" 401 - 154 0 226 100 "10.0.35.28" "curl/8" "cc21d9b0" "locations" "tcp://10.0.2.1:80"',
    'JSON of Envoy':
      '{"method":"GET","path":"/","response_code":401,"upstream_host":"10.0.0.1:80","start_time":"2026-11-28T15:48:11Z"}',
  }

  it.each(Object.entries(ofWebServers))(
    'that is an access log in the %s leads to the format to configure',
    (_, line) => {
      const format = formatOfLine(line)
      expect(format?.looksLike).toMatch(/\b(?:Apache|HAProxy|Envoy)\b/)
      expect(foreignSentence('file access.log', format as never)).toMatch(
        /^Nothing that was read of file access\.log is in a known format: .*docs\/proxies\.md.*\.$/,
      )
      expect(dispatcher.decode({ id: '', body: line }).decoder).toBe('none')
    },
  )

  it('is not one of the console of OpenClaw in plain text', () => {
    for (const line of ['12:00:01 [ws] x', '2026-11-29T10:22:10.725+00:00 [gateway] loading configuration…']) {
      expect(formatOfLine(line)).toBeUndefined()
      expect(formatOfLine(`\u001b[90m${line.replace(' ', '\u001b[39m \u001b[36m')}`)).toBeUndefined()
    }
  })

  it('is not one of a log of nginx, of which few lines bring anything', () => {
    expect(formatOfLine('2026/11/28 15:48:11 [notice] 12#12: start worker processes')).toBeUndefined()
    const combined = '198.51.100.7 - - [28/Nov/2026:15:48:11 +0000] "GET / HTTP/1.1" 200 0 "-" "curl/8"'
    expect(formatOfLine(combined)).toBeUndefined()
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
    expect(look({ message: '{"frontend":"x","backend":"y","status":1}' })?.looksLike).toBe(
      'an access log of HAProxy as JSON, in the field message',
    )
    expect(look({ level: 3 })?.looksLike).toBe('JSON of another program, with the key level')
  })

  it('is not one whose envelope holds a line of an error log of nginx', () => {
    expect(look({ message: '2026/11/28 15:48:11 [notice] 12#12: start' }, true)).toBeUndefined()
  })
})
