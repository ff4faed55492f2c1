import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { composeLine } from '../../../../decoding/dialects/openclaw-log/compose-line.ts'
import { logPrefilter } from '../../../../decoding/dialects/openclaw-log/prefilter.ts'
import { templates } from '../../../../decoding/dialects/openclaw-log/templates/catalogue.ts'
import { createDispatcher } from '../../../../decoding/dispatch.ts'
import { dialects } from '../../../../decoding/registry.ts'
import { layOut, realLines, syntheticLines, templateOf } from '../../fixtures.ts'
import { asConsoleLine, asOtelLine } from '../../layouts.ts'

const dispatcher = createDispatcher(dialects)
const wanted = logPrefilter

/** What a source that skips would lose: the decoding of a line without any text of the prefilter. */
function lost(line: string): string | undefined {
  if (wanted.some(text => line.includes(text))) return undefined
  const { kind } = dispatcher.decode({ id: '1', body: line }).decoding
  return kind === 'claim' || kind === 'telemetry_lost' ? line : undefined
}

const fileLines = [...realLines, ...syntheticLines.map(layOut)]

/** The level at which each template is written: a line at a level of its own choice would prove nothing. */
const levelOf = new Map(fileLines.map(line => [templateOf(line), JSON.parse(line)._meta.logLevelName]))

describe('the prefilter of the log', () => {
  it('has a text in every generated line that brings a claim or a loss, in each layout', () => {
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
        expect(lost(asOtelLine(line, true))).toBeUndefined()
        expect(lost(asOtelLine(line, false))).toBeUndefined()
      }),
      { numRuns: 2_000 },
    )
  })
})
