import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createDispatcher, type Decoded } from '../../../../decoding/dispatch.ts'
import { dialects } from '../../../../decoding/registry.ts'
import { timeOfLastLine, timeOfLine } from '../../../../exporter/sources/file/line-time.ts'
import { createLineScanner } from '../../../../exporter/sources/file/lines.ts'
import { readCapturedLines } from '../../../../exporter/sources/recording/captured-lines.ts'

const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é'), minLength: 3, maxLength: 6 })
const line = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é', '{'), maxLength: 30 })

describe('the lines of a chunk', () => {
  it('are wanted exactly when they hold a wanted text; the rest is skipped', () => {
    fc.assert(
      fc.property(fc.array(letters, { minLength: 1, maxLength: 4 }), fc.array(line), line, (texts, lines, partial) => {
        const chunk = Buffer.from(lines.map(text => `${text}\n`).join('') + partial)
        const scanned = createLineScanner(texts)(chunk)
        const wanted = lines.filter(text => texts.some(wanted => text.includes(wanted)))
        expect(scanned.wanted.map(({ start, end }) => chunk.toString('utf8', start, end))).toEqual(wanted)
        expect(scanned.skipped).toBe(lines.length - wanted.length)
        expect(scanned.consumed).toBe(chunk.length - Buffer.byteLength(partial))
      }),
    )
  })

  const dispatcher = createDispatcher(dialects)
  const told = ({ decoding }: Decoded) => decoding.kind === 'claim' || decoding.kind === 'telemetry_lost'

  it('bring the same events with and without the skipping, also when they are damaged', () => {
    const captured = readCapturedLines()
    // The level is what most lines are found by, and what no decoder asks for: there a damaged line may be skipped.
    const level = /"logLevelName":"[A-Z]+"/
    const damaged = fc
      .record({ line: fc.constantFrom(...captured), at: fc.nat(1500), put: fc.constantFrom('', '"', 'x', '\\') })
      .map(({ line, at, put }) => ({ line, changed: line.slice(0, at) + put + line.slice(at + 1) }))
      .filter(({ line, changed }) => changed.includes(level.exec(line)?.[0] ?? ''))
    fc.assert(
      fc.property(fc.array(damaged, { maxLength: 40 }), changes => {
        const lines = [...captured, ...changes.map(({ changed }) => changed)]
        const chunk = Buffer.from(lines.map(text => `${text}\n`).join(''))
        const eventsWith = (texts: readonly string[]) =>
          createLineScanner(texts)(chunk)
            .wanted.map(({ start, end }) =>
              dispatcher.decode({ id: `${start}`, body: chunk.toString('utf8', start, end) }),
            )
            .filter(told)
        expect(eventsWith(dispatcher.prefilter as readonly string[])).toEqual(eventsWith([]))
      }),
      { numRuns: 30 },
    )
  })
})

describe('the time of a line', () => {
  it('is the gateway’s own, whatever a caller wrote into it', () => {
    for (const captured of readCapturedLines()) expect(timeOfLine(captured)).toBe(Date.parse(JSON.parse(captured).time))
    const forged = JSON.stringify({ time: '2026-11-22T10:00:00.000Z', message: '"time":"2099-01-01T00:00:00Z"' })
    expect(timeOfLine(forged)).toBe(Date.parse('2026-11-22T10:00:00Z'))
  })

  it('is that of JSON only, in an envelope too: in a line of text a caller may have written it', () => {
    const json = '{"time":"2026-11-22T10:00:00Z"}'
    for (const before of [
      '',
      '\ufeff',
      '\0\0',
      '\u00ef\u00bb\u00bf',
      'Nov 22 10:00:00 host node[12]: ',
      'openclaw-1  | ',
    ]) {
      expect(timeOfLine(`${before}${json}`)).toBe(Date.parse('2026-11-22T10:00:00Z'))
    }
    const forged = '{"time":"2099-01-01T00:00:00Z"}'
    const message =
      'client sent invalid method while reading client request line, client: 192.0.2.1, server: , request: '
    for (const header of ['', '2026-11-22T10:00:00.123456789Z stderr F ', 'Nov 22 10:00:00 host nginx: ']) {
      expect(timeOfLine(`${header}2026/11/22 10:00:00 [info] 7#7: *1 ${message}"${forged}"`)).toBeUndefined()
    }
  })

  it('is looked for in the lines before, where the last has none', () => {
    const chunk = Buffer.from('{"time":"2026-11-22T10:00:00Z"}\nnoise\n{"_meta":{"date":"nonsense"}}\n')
    expect(timeOfLastLine(chunk)).toBe(Date.parse('2026-11-22T10:00:00Z'))
    expect(timeOfLastLine(Buffer.from('noise\n'))).toBeUndefined()
  })
})
