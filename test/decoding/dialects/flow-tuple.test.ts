import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { dialects } from '../../../decoding/registry.ts'
import type { Fields } from '../../../decoding/toolkit/fields.ts'
import { decodeRecord } from '../flows.ts'

/** The records of each dialect with a tuple. */
const fixtures: Readonly<Record<string, string>> = {
  hubble: 'hubble/flows.synthetic.jsonl',
  'calico-goldmane': 'calico/goldmane.synthetic.jsonl',
  'calico-flow-log': 'calico/flows.synthetic.jsonl',
}

const recordsOf = (name: string): readonly Fields[] =>
  readFileSync(new URL(`../../fixtures/${fixtures[name]}`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))

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

const decidedIn = (record: unknown) => {
  const decoding = decodeRecord(record as Fields)
  if (decoding.kind !== 'claim') return decoding.kind === 'undecoded' ? decoding : { kind: decoding.kind }
  const { flow, labels, actor } = decoding.claim
  return { flow, decision: labels.decision, identity: actor.identity }
}

it('is there for each dialect of documents with flows', () => {
  const ofNetwork = dialects.filter(({ observer, format }) => observer === 'network' && format !== 'text-line')
  const ofFlows = ofNetwork.filter(({ signals }) => signals.includes('policy_decisions'))
  expect(ofFlows.filter(({ tuple }) => tuple === undefined).map(({ name }) => name)).toEqual([])
  expect(Object.keys(fixtures)).toEqual(ofFlows.map(({ name }) => name))
})

describe.each(dialects.flatMap(({ name, tuple, sourceFields }) => (tuple ? [{ name, tuple, sourceFields }] : [])))(
  'the tuple of $name',
  ({ name, tuple, sourceFields }) => {
    const keys = tuple.keys.map(({ field }) => field)

    it('has every field on which the flow and the decision depend', () => {
      const count = tuple.count === undefined ? [] : [tuple.count]
      const excluded = tuple.excluded === undefined ? [] : [tuple.excluded.field]
      const fields = [...keys, ...tuple.marks, ...tuple.times, ...count, ...excluded]
      const records = recordsOf(name).filter(record => tuple.lost === undefined || record.flow !== undefined)
      expect(records.map(record => decidedIn(only(record, fields)))).toEqual(records.map(decidedIn))
    })

    it('has no field that the dialect does not read', () => {
      const isRead = (field: string) => sourceFields.some(read => field === read || field.startsWith(`${read}.`))
      expect([...keys, ...tuple.marks, ...tuple.times].filter(field => !isRead(field))).toEqual([])
    })
  },
)
