import { describe, expect, it } from '@jest/globals'
import { signals } from '../../../../../core/signals.ts'
import { templates } from '../../../../../decoding/dialects/openclaw-log/templates/catalogue.ts'
import { createDispatcher } from '../../../../../decoding/dispatch.ts'
import { dialects } from '../../../../../decoding/registry.ts'
import { layOut, realLines, summaryOf, syntheticLines, templateOf } from '../../../fixtures.ts'

const dispatcher = createDispatcher(dialects)
const decode = (body: string) => dispatcher.decode({ id: '1', body }).decoding
describe('the catalogue of templates', () => {
  it('gives every template an id of its own', () => {
    const ids = templates.map(template => template.id)
    expect(ids).toEqual([...new Set(ids)])
  })

  it('can be found by a first word: every prefix holds one in full', () => {
    for (const { prefix, id } of templates) {
      expect([id, prefix === '' || prefix.includes(' ')]).toEqual([id, true])
    }
  })

  it('has met every captured template in the real log', () => {
    const met = new Set(realLines.map(templateOf))
    const missing = templates.filter(({ evidence, id }) => evidence === 'captured' && !met.has(id))
    expect(missing.map(template => template.id)).toEqual([])
  })

  it('has a synthetic line for every template that was read in the source only', () => {
    const met = new Set(syntheticLines.map(line => line.template))
    const missing = templates.filter(({ evidence, id }) => evidence === 'source' && !met.has(id))
    expect(missing.map(template => template.id)).toEqual([])
  })

  it.each(
    syntheticLines.map(line => [`${line.template}: ${line.text.slice(0, 60)} -> ${line.expected}`, line] as const),
  )('decodes %s', (_name, line) => {
    const body = layOut(line)
    expect([templateOf(body), summaryOf(decode(body))]).toEqual([line.template, line.expected])
  })

  it('declares no label values but those that its lines have', () => {
    const byId = new Map(templates.map(template => [template.id, template]))
    for (const body of [...realLines, ...syntheticLines.map(layOut)]) {
      const labels = byId.get(templateOf(body) ?? '')?.labels
      const decoding = decode(body)
      if (labels !== undefined && decoding.kind === 'claim') {
        expect(Object.values(decoding.claim.labels)).toEqual(labels)
      }
    }
  })

  it('takes every label from its closed set and moves only what the template declares', () => {
    const byId = new Map(templates.map(template => [template.id, template]))
    for (const body of [...realLines, ...syntheticLines.map(layOut)]) {
      const decoding = decode(body)
      const declared = byId.get(templateOf(body) ?? '')?.moves ?? []
      if (decoding.kind === 'no_signal' || decoding.kind === 'telemetry_lost') expect(declared).toContain(decoding.kind)
      if (decoding.kind !== 'claim') continue
      const { signal, labels } = decoding.claim
      expect(declared).toContain(signal)
      const closed = signals[signal].labels as Record<string, readonly string[] | null>
      for (const [name, value] of Object.entries(labels)) expect(closed[name]).toContain(value)
    }
  })
})
