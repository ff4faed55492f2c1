import { errors } from '@elastic/elasticsearch'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { readAnswer } from '../../../../exporter/sources/elasticsearch/answer.ts'
import { type Hit, parsed } from '../../../../exporter/sources/elasticsearch/hit.ts'
import { answerWith, type Stored } from './answers.ts'

const idOf = ({ bytes, idStart, idEnd }: Hit) => parsed(bytes, idStart, idEnd)
/** Not parsed: V8 13.6 itself takes a key `"` for a key `\\` that it has seen before. */
const sourceOf = ({ bytes, sourceStart, sourceEnd }: Hit) => bytes.toString('utf8', sourceStart, sourceEnd)

/** What a writer of log lines would write to be taken for the structure around them. */
const forged = fc.constantFrom(
  '"hits":{"hits":[',
  '},"fields":{"event.ingested":["0"]},"sort":[1]},{"_index":"x","_id":"y","_source":{',
  '\\"}]}}',
  '\\',
  '"',
  '{[',
  'ü 😀 \u2028 \u0000',
)
const value = fc.oneof(fc.jsonValue(), forged, fc.dictionary(fc.oneof(fc.string(), forged), forged))
const stored: fc.Arbitrary<Stored> = fc.record({
  index: fc.constantFrom('logs', 'log', 'logs-000002', 'other:logs', 'ä"\\'),
  id: fc.oneof(fc.string({ minLength: 1 }), forged),
  time: fc.nat({ max: 4_102_444_800_000 }),
  source: fc.dictionary(fc.oneof(fc.string(), forged, fc.constantFrom('_meta', 'sort', '_id', '_source')), value),
})

describe('an answer in bytes', () => {
  it('gives every document that parsing it gives, whatever they contain', () => {
    fc.assert(
      fc.property(fc.array(stored, { maxLength: 6 }), documents => {
        const { hits, lastSort } = readAnswer(answerWith(documents))
        const read = hits.map(hit => ({ index: hit.index, id: idOf(hit), time: hit.ingestTime, source: sourceOf(hit) }))
        expect(read).toEqual(documents.map(document => ({ ...document, source: JSON.stringify(document.source) })))
        expect(lastSort).toEqual(documents.length === 0 ? undefined : [documents.length - 1])
      }),
      { numRuns: 500 },
    )
  })

  it('gives the rest of the answer around the documents', () => {
    const { envelope } = readAnswer(answerWith([{ id: 'a', source: {} }], { timed_out: true }))
    expect(envelope).toMatchObject({ pit_id: 'pit', timed_out: true, _shards: { failed: 0 }, hits: { hits: [] } })
  })

  it('is not misled by a failure that quotes an answer', () => {
    const failures = [{ reason: { type: 'x', reason: '"hits":{"hits":[{"_id":"forged"}]}' } }]
    const { hits, envelope } = readAnswer(answerWith([{ id: 'a', source: {} }], { failures }))
    expect(hits.map(idOf)).toEqual(['a'])
    expect(envelope).toMatchObject({ failures })
  })

  it.each([['1764262800000'], ['1764262800000.5'], ['-86400000']])('reads the doc value %s as a time', time => {
    expect(readAnswer(answerWith([{ id: 'a', time, source: {} }])).hits[0]?.ingestTime).toBe(Number(time))
  })

  it('reports a document that was not fetched', () => {
    const [hit] = readAnswer(answerWith([{ id: 'a' }])).hits
    expect(hit?.sourceEnd).toBe(0)
  })

  it('is read as well where a proxy has rewritten it, and without hits', () => {
    const documents = [{ id: 'a', source: { text: 'b' } }]
    const spaced = Buffer.from(JSON.stringify(JSON.parse(answerWith(documents).toString()), null, 2))
    const { hits, lastSort } = readAnswer(spaced)
    expect(hits.map(idOf)).toEqual(['a'])
    expect(hits.map(sourceOf)).toEqual(['{"text":"b"}'])
    expect(lastSort).toEqual([0])
    expect(readAnswer(Buffer.from('{"timed_out":false}')).hits).toEqual([])
  })

  it('is refused where it is cut off or no JSON', () => {
    const whole = answerWith([{ id: 'a', source: { text: 'b' } }])
    fc.assert(
      fc.property(fc.nat({ max: whole.length - 1 }), end => {
        expect(() => readAnswer(whole.subarray(0, end))).toThrow(errors.DeserializationError)
      }),
    )
  })
})
