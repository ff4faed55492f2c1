import { describe, expect, it } from '@jest/globals'
import { whatBecomesOf } from '../../cli/elastic-sample.ts'
import { realLines } from '../decoding/fixtures.ts'
import { authority } from '../exporter/pipeline/fixtures.ts'

const refused = realLines.find(line => line.includes('"cause":"unauthorized"')) ?? ''
const exported = {
  '@timestamp': '2026-11-24T00:00:00Z',
  attributes: { 'openclaw.subsystem': 'gateway/ws', 'openclaw.cause': 'unauthorized', 'openclaw.handshake': 'failed' },
  body: { text: 'log' },
}
const said = (documents: Parameters<typeof whatBecomesOf>[0]) =>
  whatBecomesOf(documents, authority).map(({ kind, sentence }) => `${kind} ${sentence}`)

describe('the sample of the newest documents', () => {
  it('says which decoders understand how many', () => {
    expect(said([{ message: refused }, JSON.parse(refused)])).toEqual([
      'ok of the newest 2 documents these are understood: 2 openclaw-file',
    ])
  })

  it('counts what is not understood by reason', () => {
    const [, second] = said([{ message: refused }, { message: 'plain' }])
    expect(second).toBe('note of the newest 2 documents these are not understood: 1 not_json')
  })

  it('calls it a problem where none is understood', () => {
    expect(said([{ message: 'plain' }])[0]).toMatch(/^problem of the newest 1 documents none is understood/)
  })

  it('says where documents come from a stream that does not count', () => {
    expect(said([exported])[1]).toContain('1 come from a stream that does not count')
  })
})
