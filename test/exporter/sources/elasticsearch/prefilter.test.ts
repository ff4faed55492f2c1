import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createDispatcher } from '../../../../decoding/dispatch.ts'
import { documentReading } from '../../../../decoding/documents.ts'
import { dialects } from '../../../../decoding/registry.ts'
import { readAnswer } from '../../../../exporter/sources/elasticsearch/answer.ts'
import { Prefilter } from '../../../../exporter/sources/elasticsearch/prefilter.ts'
import { dialectFixtures } from '../../../decoding/dialect-fixtures.ts'
import { envelopeFixtures } from '../../../decoding/envelope-fixtures.ts'
import { layOut, realLines, syntheticLines } from '../../../decoding/fixtures.ts'
import { coloured } from '../../../decoding/layouts.ts'
import { answerWith } from './answers.ts'

const dispatcher = createDispatcher(dialects)
const wanted = dispatcher.prefilter as readonly string[]
const { documentMarks } = documentReading()

/** Elasticsearch writes the control characters of a text with capitals. */
const asStored = (line: string) => JSON.parse(line) as Readonly<Record<string, unknown>>
const capitals = (bytes: Buffer) => Buffer.from(bytes.toString().replaceAll('\\u001b', '\\u001B'))

function writeOrNothing(write: (line: string) => Readonly<Record<string, unknown>>, line: string) {
  try {
    return [write(line)]
  } catch {
    // A line of text is not parsed by any shipper.
    return []
  }
}

function passedOver(documents: readonly unknown[], texts = wanted): unknown[] {
  const prefilter = new Prefilter(texts, documentMarks)
  const { hits } = readAnswer(capitals(answerWith(documents.map((source, id) => ({ id: String(id), source })))))
  return documents.filter((_, number) => !prefilter.mustParse(hits[number] as (typeof hits)[number]))
}

const lines = [...realLines, ...syntheticLines.map(layOut)]
const documents = [...lines, ...lines.map(coloured)].map(asStored)
const info = documents.find(({ _meta }) => (_meta as { logLevelName?: string }).logLevelName === 'INFO')
const quiet: Readonly<Record<string, unknown>> = { ...info, '1': 'listening', '2': undefined, message: 'listening' }

describe('the prefilter of documents', () => {
  it('skips the records of OpenClaw without claims', () => {
    expect(passedOver([quiet])).toEqual([quiet])
    expect(passedOver(documents).length).toBeGreaterThan(10)
  })

  it('passes over nothing that brings a claim, a loss or a certificate', () => {
    for (const body of passedOver(documents) as (typeof documents)[number][]) {
      expect(['no_signal', 'undecoded']).toContain(dispatcher.decode({ id: '1', body }).decoding.kind)
    }
  })

  it('passes over nothing that brings a claim, a loss or a certificate, whatever else is in the document', () => {
    const others = Object.entries(dialectFixtures).flatMap(([name, { lines: some = [], documents: more = [] }]) => [
      ...(name === 'openclaw-file' ? [] : some.filter(line => line.startsWith('{')).map(asStored)),
      ...some
        .slice(0, 5)
        .flatMap(line => Object.values(envelopeFixtures).flatMap(write => writeOrNothing(write, line))),
      ...more,
    ])
    const around = fc.array(fc.constantFrom(...others), { maxLength: 3 })
    let passed = 0
    fc.assert(
      fc.property(around, fc.constantFrom(quiet, ...documents), (parts, record) => {
        const body = Object.assign({}, ...parts, record)
        if (passedOver([body]).length === 0) return
        passed++
        expect(['no_signal', 'undecoded']).toContain(dispatcher.decode({ id: '1', body }).decoding.kind)
      }),
      { numRuns: 2_000 },
    )
    expect(passed).toBeGreaterThan(10)
  })

  it('keeps what has a wanted text anywhere', () => {
    fc.assert(
      fc.property(fc.constantFrom(...wanted.filter(text => !/["\\]/.test(text))), fc.string(), (text, more) => {
        expect(passedOver([{ ...quiet, message: `${more}${text}${more}` }])).toEqual([])
      }),
    )
  })

  it('keeps what is not surely OpenClaw’s own record', () => {
    const { _meta, ...bare } = quiet
    const others = [
      bare,
      { ...bare, _meta: 'text' },
      { ...bare, _meta: [{ logLevelName: 'INFO' }] },
      { ...bare, _meta: { name: 'openclaw' } },
      { ...bare, nested: { _meta } },
      { ...bare, text: '"_meta":{"logLevelName":"INFO"}' },
      { event: { category: 'authentication', outcome: 'failure' } },
    ]
    expect(passedOver(others)).toEqual([])
  })

  it('distinguishes documents of one answer, in any order', () => {
    const loud = { ...quiet, _meta: { ...(quiet._meta as object), logLevelName: 'WARN' } }
    expect(passedOver([quiet, loud, quiet, loud, loud, quiet])).toEqual([quiet, quiet, quiet])
    const { hits } = readAnswer(answerWith([loud, quiet].map((source, id) => ({ id: String(id), source }))))
    const prefilter = new Prefilter(wanted, documentMarks)
    const [first, second] = hits as [(typeof hits)[number], (typeof hits)[number]]
    expect([first, second, first, second].map(hit => prefilter.mustParse(hit))).toEqual([true, false, true, false])
  })

  it('keeps everything where a decoder asks for every record', () => {
    expect(passedOver([quiet], [])).toEqual([])
  })
})
