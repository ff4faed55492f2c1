import { describe, expect, it } from '@jest/globals'
import { createDispatcher } from '../../../decoding/dispatch.ts'
import { dialects } from '../../../decoding/registry.ts'
import type { Fields } from '../../../decoding/toolkit/fields.ts'
import { dialectFixtures } from '../dialect-fixtures.ts'

const { decode } = createDispatcher(dialects, { withAccess: true })

/** The records of a dialect as a shipper stores them parsed. */
function recordsOf(name: string): readonly Fields[] {
  const { lines = [], documents = [] } = dialectFixtures[name] ?? {}
  const records = [...lines.map((line): Fields => JSON.parse(line)), ...documents]
  return name === 'envoy' ? records.map(record => ({ ...record, ...envoyFields })) : records
}

/** What deploy/envoy/envoy.yaml logs besides since accesses are read. */
const envoyFields = {
  downstream_direct_remote_address_without_port: '127.0.0.1',
  downstream_local_address: '127.0.0.1:443',
  authority: 'openclaw.example.org',
}

/** What is left of a record with these fields only; lists of objects keep what their members have. */
function only(record: unknown, paths: readonly string[]): unknown {
  if (Array.isArray(record)) return record.map(member => only(member, paths))
  if (typeof record !== 'object' || record === null || paths.includes('')) return record
  const kept = Object.entries(record).flatMap(([key, value]) => {
    const within = paths.flatMap(path =>
      path === key ? [''] : path.startsWith(`${key}.`) ? [path.slice(key.length + 1)] : [],
    )
    return within.length === 0 ? [] : [[key, only(value, within)]]
  })
  return Object.fromEntries(kept)
}

/**
 * What the sample of a group has besides: by which it is recognised and dated, and the line of Keycloak, from which a
 * pipeline made the keys.
 */
const ofSamples = [
  ...['ts', 'time', 'msg', 'method', 'start_time', 'downstream_remote_address', 'ssl_c_err', 'ssl_c_used'],
  'event.original',
]

/** What a policy decides on, of a record of the dialect. */
function judgedIn(record: unknown, name: string) {
  const { decoder, decoding, access } = decode({ id: '1', body: record as Fields })
  if (access !== undefined) return access
  if (decoder !== name || decoding.kind !== 'claim') return undefined
  const { flow, labels, actor } = decoding.claim
  return flow && { flow, decision: labels.decision, identity: actor.identity }
}

it('is there for each dialect of documents with flows', () => {
  const ofNetwork = dialects.filter(({ observer, format }) => observer === 'network' && format !== 'text-line')
  const ofFlows = ofNetwork.filter(({ signals }) => signals.includes('policy_decisions'))
  expect(ofFlows.filter(({ tuple }) => tuple === undefined).map(({ name }) => name)).toEqual([])
})

it('is there for each dialect of accesses but those whose documents cannot be grouped', () => {
  const ofAccesses = dialects.filter(({ access }) => access !== undefined)
  expect(ofAccesses.filter(({ tuple }) => tuple === undefined).map(({ name }) => name)).toEqual([
    // What decides is in a text, or in objects that are not indexed.
    'openclaw-file',
    'openclaw-console',
    'openclaw-otel',
    'keycloak-json',
    'keycloak-text',
    // The address of the client is with its port in one value.
    'traefik',
  ])
})

describe.each(dialects.flatMap(({ name, tuple, sourceFields }) => (tuple ? [{ name, tuple, sourceFields }] : [])))(
  'the tuple of $name',
  ({ name, tuple, sourceFields }) => {
    const keys = tuple.keys.map(({ field }) => field)
    const marks = [...tuple.marks, ...(tuple.required ?? []).map(({ field }) => field)]
    it('has every field on which the flow or the access, and the decision, depend', () => {
      const count = tuple.count === undefined ? [] : [tuple.count]
      const excluded = (tuple.excluded ?? []).map(({ field }) => field)
      const fields = [...keys, ...marks, ...tuple.times, ...count, ...excluded, ...ofSamples]
      const records = recordsOf(name).filter(record => hasAll(record, tuple.marks))
      const whole = records.map(record => judgedIn(record, name))
      expect(records.map(record => judgedIn(only(record, fields), name))).toEqual(whole)
      expect(whole.filter(one => one !== undefined).length).toBeGreaterThan(1)
    })

    it('has no field that the dialect does not read', () => {
      const isRead = (field: string) => sourceFields.some(read => field === read || field.startsWith(`${read}.`))
      expect([...keys, ...marks, ...tuple.times].filter(field => !isRead(field))).toEqual([])
    })
  },
)

const hasAll = (record: Fields, paths: readonly string[]) => paths.every(path => valueAt(record, path) !== undefined)

function valueAt(record: unknown, path: string): unknown {
  if (typeof record !== 'object' || record === null) return undefined
  if (path in record) return (record as Fields)[path]
  const [head = '', ...rest] = path.split('.')
  return rest.length === 0 ? undefined : valueAt((record as Fields)[head], rest.join('.'))
}
