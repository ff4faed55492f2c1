import { describe, expect, it } from '@jest/globals'
import { matchesQuery } from '../../../compliance/demo/document-query.ts'
import { createDemoDocuments } from '../../../compliance/demo/document-store.ts'
import { createDemoStores, demoExpected } from '../../../compliance/demo/stores.ts'
import { readCoverage } from '../../../compliance/evidence/read-coverage.ts'
import { type EvidenceRequest, evidenceKind, evidenceSchema } from '../../../compliance/evidence/registry.ts'
import { contextOf, periodOf } from '../evidence/context.ts'

const END = Date.parse('2026-11-01T00:00:00Z')
const october = periodOf(Date.parse('2026-10-01T00:00:00Z'), END)
const storesAt = createDemoStores()

const read = (more: object, period = october) => {
  const request = evidenceSchema.parse({ from: 'documents', ...more }) as EvidenceRequest
  return evidenceKind(request).read(request, contextOf(period, storesAt(period.end)))
}

const GATEWAY = 'logs-openclaw.gateway-*'
const SIGN_INS = 'logs-keycloak.events-demo'

describe('the documents of the demo', () => {
  it('are counted, with their first and last, by day and with samples', async () => {
    const attack = await read({
      index: GATEWAY,
      query: { term: { 'source.ip': '203.0.113.57' } },
      zone_field: 'labels.trust_zone',
    })
    expect(attack).toMatchObject({
      value: 412,
      byZone: { 'agent-control': 412 },
      samples: [
        'openclaw-attack-0',
        'openclaw-attack-1',
        'openclaw-attack-2',
        'openclaw-attack-3',
        'openclaw-attack-4',
      ],
      result: { first: '2026-10-21T21:48:00.000Z' },
    })
    expect(attack.distribution?.filter(({ value }) => (value ?? 0) > 0)).toEqual([
      { start: Date.parse('2026-10-21T00:00:00Z'), value: 412 },
    ])
  })

  it('have shares and distinct values', async () => {
    const share = await read({ index: SIGN_INS, measure: 'share', query: { term: { 'event.outcome': 'failure' } } })
    expect(share.value).toBeGreaterThan(1)
    expect(share.value).toBeLessThan(10)
    expect((await read({ index: SIGN_INS, measure: 'distinct', field: 'user.name' })).value).toBe(8)
  })

  it('are none of an index that is not there, of a field that no document has, and of a time before the index', async () => {
    expect((await read({ index: 'logs-none-*' })).value).toBeNull()
    expect((await read({ index: SIGN_INS, query: { exists: { field: 'no.field' } } })).value).toBeNull()
    const march = periodOf(Date.parse('2026-03-01T00:00:00Z'), Date.parse('2026-04-01T00:00:00Z'))
    expect((await read({ index: SIGN_INS }, march)).value).toBeNull()
  })

  it('are a source of coverage, without a silence of days', async () => {
    const context = { ...contextOf(october, storesAt(END)), expected: demoExpected(END) }
    const { sources, faults } = await readCoverage(context)
    expect(faults).toEqual([])
    expect(sources.filter(({ source }) => source.startsWith('logs-')).map(({ share }) => share)).toEqual([1, 1])
  })

  it('are matched by the clauses of a filter', () => {
    const document = { id: 'a', time: 5, fields: { '@timestamp': 5, 'user.name': 'ann', n: 3 } }
    const matches = (query: object) => matchesQuery(document, query)
    expect(
      matches({ bool: { filter: [{ term: { 'user.name': 'ann' } }], must_not: { exists: { field: 'x' } } } }),
    ).toBe(true)
    expect(matches({ bool: { should: [{ term: { n: 4 } }, { terms: { n: [3, 5] } }] } })).toBe(true)
    expect(
      matches({ bool: { should: [{ term: { n: 4 } }], minimum_should_match: 1, filter: { match_all: {} } } }),
    ).toBe(false)
    expect(matches({ range: { n: { gte: 3, lt: 4 } } })).toBe(true)
    expect(matches({ range: { n: { gt: 3 } } })).toBe(false)
    expect(matches({ prefix: { 'user.name': 'an' } })).toBe(true)
    expect(matches({ term: { 'user.name': { value: 'bob' } } })).toBe(false)
  })

  it.each([{ query: { match: { a: 'b' } } }, { query: {} }, { query: { bool: { filter: [] } } }])(
    'refuse the search %j with a sentence, and give no other answer',
    async body => {
      const search = createDemoDocuments(END).search(SIGN_INS, body, new AbortController().signal)
      await expect(search).rejects.toThrow('the synthetic store of the demo')
    },
  )
})
