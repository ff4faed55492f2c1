import type { EpochMs } from '../../core/clock.ts'
import { Fault } from '../../core/errors.ts'
import { isObject } from '../../core/json.ts'
import type { DemoDocument } from './documents.ts'

/** Whether a document matches a query, in the part of Elasticsearch's query DSL that is known here. */
export function matchesQuery(document: DemoDocument, query: unknown): boolean {
  const [entry] = isObject(query) ? Object.entries(query) : []
  if (entry === undefined) throw unknownQuery(query)
  const [name, body] = entry
  const matches = clauses[name]
  if (matches === undefined) throw unknownQuery(query)
  return matches(document, body)
}

type Clause = (document: DemoDocument, body: unknown) => boolean

const clauses: Readonly<Record<string, Clause>> = {
  match_all: () => true,
  exists: ({ fields }, body) => isObject(body) && fields[String(body.field)] !== undefined,
  term: oneField((value, wanted) => value === (isObject(wanted) ? wanted.value : wanted)),
  terms: oneField((value, wanted) => Array.isArray(wanted) && wanted.includes(value)),
  prefix: oneField((value, wanted) => String(value).startsWith(String(isObject(wanted) ? wanted.value : wanted))),
  range: oneField((value, limits) => isObject(limits) && isInRange(value, limits)),
  bool: (document, body) => {
    if (!isObject(body)) throw unknownQuery(body)
    const { filter, must, must_not: mustNot, should, minimum_should_match: least } = body
    const isRequired = filter === undefined && must === undefined ? 1 : 0
    const needed = should === undefined ? 0 : Number(least ?? isRequired)
    return (
      [...listOf(filter), ...listOf(must)].every(clause => matchesQuery(document, clause)) &&
      !listOf(mustNot).some(clause => matchesQuery(document, clause)) &&
      listOf(should).filter(clause => matchesQuery(document, clause)).length >= needed
    )
  },
}

/** The time that the filters of a search limit. */
export function timeRange(filters: unknown): { readonly start: EpochMs; readonly end: EpochMs } {
  let [start, end] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (const clause of listOf(filters)) {
    const limits = isObject(clause) && isObject(clause.range) ? clause.range['@timestamp'] : undefined
    if (!isObject(limits)) continue
    if (limits.gte !== undefined) start = Math.max(start, comparable(limits.gte))
    if (limits.lt !== undefined) end = Math.min(end, comparable(limits.lt))
  }
  if (!Number.isFinite(start) || !Number.isFinite(end))
    throw new Fault('the synthetic store of the demo takes searches of a time only')
  return { start, end }
}

function oneField(holds: (value: string | number, wanted: unknown) => boolean): Clause {
  return ({ fields }, body) => {
    const [entry] = isObject(body) ? Object.entries(body) : []
    if (entry === undefined) throw unknownQuery(body)
    const [field, wanted] = entry
    const value = fields[field]
    return value !== undefined && holds(value, wanted)
  }
}

function isInRange(value: string | number, limits: Readonly<Record<string, unknown>>): boolean {
  const own = comparable(value)
  const { gte, gt, lte, lt } = limits
  return (
    (gte === undefined || own >= comparable(gte)) &&
    (gt === undefined || own > comparable(gt)) &&
    (lte === undefined || own <= comparable(lte)) &&
    (lt === undefined || own < comparable(lt))
  )
}

/** A number, or the time that a text is. */
const comparable = (value: unknown): number => (typeof value === 'number' ? value : Date.parse(String(value)))

const listOf = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value]

const unknownQuery = (query: unknown): Fault =>
  new Fault(`the synthetic store of the demo does not know the query ${JSON.stringify(query)}`)
