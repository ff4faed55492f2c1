import { describe, expect, it } from '@jest/globals'
import { type SampledSource, whatBecomesOf } from '../../cli/elastic-sample.ts'
import { realLines } from '../decoding/fixtures.ts'
import { journalEntry } from '../decoding/line-envelope-fixtures.ts'
import { authority } from '../exporter/pipeline/fixtures.ts'

const refused = realLines.find(line => line.includes('"cause":"unauthorized"')) ?? ''
const exported = {
  '@timestamp': '2026-11-24T00:00:00Z',
  attributes: { 'openclaw.subsystem': 'gateway/ws', 'openclaw.cause': 'unauthorized', 'openclaw.handshake': 'failed' },
  body: { text: 'log' },
}
const shipped = (line: string) => ({ message: line, '@version': '1', labels: { clawtrust_envelope: 'logstash' } })
const said = (documents: Parameters<typeof whatBecomesOf>[0], envelope?: SampledSource['envelope']) =>
  whatBecomesOf(documents, { authority, ...(envelope === undefined ? {} : { envelope }) }).map(
    ({ kind, sentence }) => `${kind} ${sentence}`,
  )

describe('the sample of the newest documents', () => {
  it('says which dialects understand how many', () => {
    expect(said([shipped(refused), JSON.parse(refused)])).toEqual([
      'ok of the newest 2 documents these are decoded: 2 openclaw-file',
    ])
  })

  it('says how many are lines of the console in plain text, and what to configure', () => {
    const line = (text: string) => shipped(`2026-11-29T14:00:31.671+00:00 [ws] ${text}`)
    const quiet = line('webchat connected conn=1')
    expect(said([line('unauthorized conn=00000000 reason=token_mismatch'), quiet, shipped(refused)])).toEqual([
      'ok of the newest 3 documents these are decoded: 1 openclaw-plain-console, 1 openclaw-file',
      "note of the newest 3 documents 2 lack the field address: they are of OpenClaw's console in plain text, in which any client can write lines, so that refused sign-ins count without an address and no address can be blocked for them; set logging.consoleStyle: json at the gateway, or read its file log instead",
      'note of the newest 3 documents these are undecoded: 1 unknown_template',
    ])
  })

  it('says how many of those that are not opened are such lines', () => {
    const message = '2026-11-29T14:00:31.671+00:00 [ws] unauthorized conn=00000000 reason=token_mismatch'
    const [, lacking] = said([{ message }, { message: 'x' }, { message: refused }])
    expect(lacking).toContain('note of the newest 3 documents 1 lack the field address: they are of OpenClaw')
  })

  it('counts what is not understood by reason', () => {
    const [, second] = said([shipped(refused), shipped('plain')])
    expect(second).toBe('note of the newest 2 documents these are undecoded: 1 not_json')
  })

  it('calls it a problem where none is decoded', () => {
    expect(said([shipped('plain')])[0]).toMatch(/^problem of the newest 1 documents none is decoded/)
  })

  it.each([
    ['another program', { _SYSTEMD_UNIT: 'shop.service' }],
    ['no program', {}],
  ])('never suggests to open the entries that a journal took of %s by their field', (_of, program) => {
    const entry = JSON.parse(journalEntry(program, refused))
    const [, , advice, ...more] = said([entry, { ...entry, _HOSTNAME: undefined }])
    expect(advice).toBe(
      'note of the newest 2 documents 2 look like entries of a journal by programs of other names, or without __REALTIME_TIMESTAMP and _HOSTNAME; if the gateway or its proxy is one of them, name it as in docs/decoders.md (names of programs) and keep these fields, or set envelope: journald at a source whose index contains its entries only',
    )
    expect(more).toEqual([])
  })

  it('suggests for the entries of a journal what opens them', () => {
    const entry = JSON.parse(journalEntry({ _SYSTEMD_UNIT: 'gw.service' }, refused))
    expect(said([{ ...entry, SYSLOG_IDENTIFIER: 'openclaw' }])[0]).toMatch(/^ok /)
    expect(said([entry], 'journald')[0]).toMatch(/^ok /)
  })

  it('says where documents have no known envelope, what they contain, and what to set', () => {
    expect(said([{ message: refused }, { json: JSON.parse(refused) }, { level: 3 }])).toEqual([
      expect.stringMatching(/^problem /),
      'note of the newest 3 documents these are undecoded: 3 unknown_envelope',
      'note of the newest 3 documents 3 have no known envelope and were not opened. They contain message (text), json (object). If your shipper writes the whole record, and nothing else, into one of these, set envelope: { raw: message } or { parsed: json } at this source; docs/decoders.md lists the envelopes',
    ])
    expect(said([{ level: 3 }]).at(-1)).toContain('not opened; docs/decoders.md lists the envelopes')
  })

  it('opens documents where the source says that the record is', () => {
    expect(said([{ message: refused }], { raw: 'message' })).toEqual([
      'ok of the newest 1 documents these are decoded: 1 openclaw-file',
    ])
    expect(said([{ json: JSON.parse(refused) }], 'filebeat')).toEqual([
      'ok of the newest 1 documents these are decoded: 1 openclaw-file',
    ])
    expect(said([{ log: refused }], { raw: 'message' }).at(-1)).toContain(
      '1 have no record in the envelope of this source. They contain log (text).',
    )
  })

  it('says where documents are from a stream that is not authoritative', () => {
    expect(said([exported])[1]).toContain('1 are from a stream that is not authoritative')
  })
})
