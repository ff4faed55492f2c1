import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createOpenclawDecoders } from '../../decoding/dialects/openclaw.ts'
import { composeLine } from '../../decoding/dialects/openclaw-log/compose-line.ts'
import { templates } from '../../decoding/dialects/openclaw-log/templates/catalogue.ts'
import { createDispatcher } from '../../decoding/dispatch.ts'
import { layOut, madeUpLines, realLines, realSecurityEvents, templateOf } from './fixtures.ts'
import { asConsoleLine, coloured } from './layouts.ts'

const dispatcher = createDispatcher(createOpenclawDecoders())
const { wanted = [] } = dispatcher

/** What a source that skips would lose: the decoding of a line without any wanted text. */
function lost(line: string): string | undefined {
  if (wanted.some(text => line.includes(text))) return undefined
  const { kind } = dispatcher.decode({ id: '1', body: line }).decoding
  return kind === 'claim' || kind === 'telemetry_lost' ? line : undefined
}

const fileLines = [...realLines, ...madeUpLines.map(layOut)]

/** The level at which each template is written: a line at a level of its own choice would prove nothing. */
const levelOf = new Map(fileLines.map(line => [templateOf(line), JSON.parse(line)._meta.logLevelName]))

describe('the wanted texts', () => {
  it('are few and ASCII, and long enough for the search to jump', () => {
    expect(wanted.length).toBeLessThanOrEqual(30)
    for (const text of wanted) expect(text).toMatch(/^[ -~]{7,}$/)
  })

  it('do not contain one another', () => {
    for (const text of wanted) expect(wanted.filter(other => text.includes(other))).toEqual([text])
  })

  it.each([
    ['the file log', fileLines],
    ['the file log in colours', fileLines.map(coloured)],
    ['the JSON console', fileLines.map(asConsoleLine)],
    ['the security.event stream', realSecurityEvents],
  ])('stand in every line of %s that brings a claim or a loss', (_layout, lines) => {
    expect(lines.map(lost).filter(Boolean)).toEqual([])
  })

  it('stand in every generated line that brings a claim or a loss', () => {
    const tail = fc.oneof(fc.string(), fc.constantFrom(...fileLines.map(line => String(JSON.parse(line).message))))
    fc.assert(
      fc.property(fc.constantFrom(...templates), tail, (template, rest) => {
        const line = composeLine({
          subsystem: template.subsystems[0] ?? 'any',
          level: levelOf.get(template.id),
          text: template.prefix + rest,
          time: 1,
          host: 'gw-1',
        })
        // A tail can turn a line of free beginning into one of another template, which is written at a level of its own.
        fc.pre(templateOf(line) === template.id || templateOf(line) === undefined)
        expect(lost(line)).toBeUndefined()
        expect(lost(asConsoleLine(line))).toBeUndefined()
      }),
      { numRuns: 2_000 },
    )
  })
})
