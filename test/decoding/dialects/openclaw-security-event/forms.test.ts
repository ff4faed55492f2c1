import { describe, expect, it } from '@jest/globals'
import { createDispatcher } from '../../../../decoding/dispatch.ts'
import { documentReading } from '../../../../decoding/documents.ts'
import { dialects } from '../../../../decoding/registry.ts'
import type { Fields } from '../../../../decoding/toolkit/fields.ts'
import { SHIPPER_HOST } from '../../envelope-fixtures.ts'
import { realSecurityEvents, syntheticSecurityEvents } from '../../fixtures.ts'
import { exported, SCOPES, securityEventForms } from '../../security-event-forms.ts'
import { filtered } from '../../source-filter.ts'

const { decode } = createDispatcher(dialects)
const { sourceFields } = documentReading()

const events: readonly Fields[] = [
  ...realSecurityEvents.map(line => JSON.parse(line).event),
  ...syntheticSecurityEvents.map(line => JSON.parse(line)),
]

/** What a record claims, but for where it was written, which the gateway itself does not report. */
function claimed(body: string | Fields) {
  const { decoder, decoding } = decode({ id: '1', body })
  if (decoding.kind !== 'claim') return { decoder, decoding }
  const { origin: _, ...claim } = decoding.claim
  return { decoder, claim }
}

function exportedDetail(name: string, text: string): unknown {
  if (name === 'target') return text
  return name === 'scopes' ? exported(SCOPES, text.split(', ')) : exported(name, text)
}

/** As diagnostics-otel exports it, where a claim reads it: scopes in one text, reasons with spaces replaced. */
function asExported(event: Fields) {
  const said = claimed(event)
  if (said.claim === undefined) return said
  const details = Object.fromEntries(
    Object.entries(said.claim.details ?? {}).map(([name, text]) => [name, exportedDetail(name, text)]),
  )
  return { ...said, claim: { ...said.claim, details } }
}

describe.each(Object.keys(securityEventForms))('a security.event in the form of the %s', form => {
  const layOut = securityEventForms[form] as (event: Fields) => Fields

  it('claims what the event inside the gateway does, as a document and as a line', () => {
    for (const event of events) {
      const document = layOut(event)
      expect(claimed(document)).toEqual(asExported(event))
      expect(claimed(JSON.stringify(document))).toEqual(asExported(event))
    }
  })

  it('is read with the fields that the source asks Elasticsearch for', () => {
    for (const event of events) {
      expect(claimed(filtered(layOut(event), sourceFields))).toEqual(asExported(event))
    }
  })
})

it('gives the host of the Collector, where the mapping mode keeps it', () => {
  const [event = {}] = events
  const hosts = Object.entries(securityEventForms).map(([form, layOut]) => {
    const { decoding } = decode({ id: '1', body: layOut(event) })
    return [form, decoding.kind === 'claim' ? decoding.claim.origin.host : undefined] as const
  })
  expect(hosts.flatMap(([form, host]) => (host === SHIPPER_HOST ? [form] : []))).toEqual([
    'mapping mode ecs',
    'mapping mode ecs, nested',
    'mapping mode otel',
    'mapping mode labels, underscored',
    'mapping mode otel, attributes as objects',
  ])
})
