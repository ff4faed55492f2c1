import { Fault } from '../../core/errors.ts'
import { isObject } from '../../core/json.ts'

/** What a filter of documents selects. */
export interface ReadFilter {
  /** The fields that it compares, sorted. */
  readonly fields: readonly string[]
  /** The same for people: `event.outcome is failure`. */
  readonly words: string
}

/** Why a filter is refused, and where in it. */
export class FilterProblem extends Fault {
  readonly path: readonly (string | number)[]

  constructor(path: readonly (string | number)[], message: string) {
    super(message)
    this.name = 'FilterProblem'
    this.path = path
  }
}

type Path = readonly (string | number)[]
type Scalar = string | number | boolean

const MAX_DEPTH = 8
const MAX_CLAUSES = 200
const MAX_VALUES = 1_000
const MAX_TEXT = 1_000
const FIELD = /^[^\s*\p{C}]{1,300}$/u

/**
 * Reads a filter in Elasticsearch's query DSL. Only what compares fields with constants is known: no scripts, no other
 * documents as operands, no expressions that a server parses itself, and no dates relative to now, for which the same
 * question has another answer later.
 *
 * @throws FilterProblem
 */
export function readFilter(filter: unknown): ReadFilter {
  const reading: Reading = { fields: new Set(), clauses: 0 }
  const words = clauseWords(filter, [], reading)
  return { fields: [...reading.fields].sort(), words }
}

interface Reading {
  readonly fields: Set<string>
  clauses: number
}

/** The words of one clause. */
type Clause = (body: unknown, path: Path, reading: Reading) => string

/** Every clause that a filter may have. */
const clauses: Readonly<Record<string, Clause>> = {
  bool: boolWords,
  exists(body, path, reading) {
    const { field } = optionsOf(body, path, ['field'])
    return `${fieldOf(field, [...path, 'field'], reading)} exists`
  },
  match: oneField(['query', 'operator'], 'query', value => `has words of ${value}`),
  match_all(body, path) {
    optionsOf(body, path, [])
    return 'any document'
  },
  match_phrase: oneField(['query'], 'query', value => `has the phrase ${value}`),
  prefix: oneField(['value', 'case_insensitive'], 'value', value => `begins with ${value}`),
  range: rangeWords,
  term: oneField(['value', 'case_insensitive'], 'value', value => `is ${value}`),
  terms: termsWords,
  wildcard: oneField(['value', 'case_insensitive'], 'value', value => `is like ${value}`),
}

function clauseWords(clause: unknown, path: Path, reading: Reading): string {
  if (path.length > 2 * MAX_DEPTH) throw new FilterProblem(path, `is nested in more than ${MAX_DEPTH} levels`)
  if (++reading.clauses > MAX_CLAUSES) throw new FilterProblem([], `has more than ${MAX_CLAUSES} clauses`)
  const known = Object.keys(clauses).join(', ')
  if (!isObject(clause)) throw new FilterProblem(path, `must be a clause: a map with one of ${known}`)
  const [name, ...more] = Object.keys(clause)
  if (name === undefined || more.length > 0) throw new FilterProblem(path, `must have exactly one of ${known}`)
  const read = Object.hasOwn(clauses, name) ? clauses[name] : undefined
  if (read === undefined) throw new FilterProblem([...path, name], `is no clause of a filter; known are ${known}`)
  return read(clause[name], [...path, name], reading)
}

/** The occurrences of a bool query, and how each is said. */
const OCCURRENCES = {
  filter: (words: readonly string[]) => words.join(' and '),
  must: (words: readonly string[]) => words.join(' and '),
  should: (words: readonly string[]) => (words.length > 1 ? `(${words.join(' or ')})` : words.join('')),
  must_not: (words: readonly string[]) => words.map(each => `not (${each})`).join(' and '),
} as const

function boolWords(body: unknown, path: Path, reading: Reading): string {
  const options = optionsOf(body, path, [...Object.keys(OCCURRENCES), 'minimum_should_match'])
  const least = options.minimum_should_match
  if (least !== undefined && (!Number.isInteger(least) || Number(least) < 0))
    throw new FilterProblem([...path, 'minimum_should_match'], 'must be a whole number')
  const said = Object.entries(OCCURRENCES).flatMap(([occurrence, join]) => {
    const given = options[occurrence]
    if (given === undefined) return []
    const at = [...path, occurrence]
    const each = Array.isArray(given)
      ? given.map((clause, index) => clauseWords(clause, [...at, index], reading))
      : [clauseWords(given, at, reading)]
    return each.length === 0 ? [] : [join(each)]
  })
  // Beside other occurrences, Elasticsearch ignores `should` unless it has to match at least once: a filter that says it
  // and does not mean it would select other documents than its reader believes.
  const others = ['filter', 'must'].some(occurrence => options[occurrence] !== undefined)
  if (options.should !== undefined && others && least === undefined)
    throw new FilterProblem([...path, 'should'], 'has no effect beside filter or must without minimum_should_match: 1')
  return said.length === 0 ? 'any document' : said.join(' and ')
}

function termsWords(body: unknown, path: Path, reading: Reading): string {
  const [field, values] = theOnly(body, path)
  const at = [...path, field]
  const name = fieldOf(field, at, reading)
  if (!Array.isArray(values) || values.length === 0 || values.length > MAX_VALUES)
    throw new FilterProblem(at, `must be a list of 1 to ${MAX_VALUES} values`)
  const shown = values.map((value, index) => String(scalar(value, [...at, index])))
  return `${name} is one of ${cut(shown.join(', '))}`
}

/** Date math of Elasticsearch: `now-1d/d`, `2026-11-01||/M`. */
const RELATIVE = /^now(?:$|[-+/|])|\|\|/i

const LIMITS = { gte: 'at least', gt: 'more than', lte: 'at most', lt: 'less than' } as const

function rangeWords(body: unknown, path: Path, reading: Reading): string {
  const [field, limits] = theOnly(body, path)
  const at = [...path, field]
  const name = fieldOf(field, at, reading)
  const options = optionsOf(limits, at, [...Object.keys(LIMITS), 'format', 'time_zone'])
  const said = Object.entries(LIMITS).flatMap(([limit, words]) => {
    if (options[limit] === undefined) return []
    const value = scalar(options[limit], [...at, limit])
    if (typeof value === 'string' && RELATIVE.test(value))
      throw new FilterProblem([...at, limit], 'must be a constant; the report sets the window of time')
    return [`${words} ${cut(String(value))}`]
  })
  for (const option of ['format', 'time_zone']) {
    if (options[option] !== undefined && typeof options[option] !== 'string')
      throw new FilterProblem([...at, option], 'must be text')
  }
  if (said.length === 0) throw new FilterProblem(at, `must have one of ${Object.keys(LIMITS).join(', ')}`)
  return `${name} is ${said.join(' and ')}`
}

/** A clause of one field, whose operand may be written alone. */
function oneField(options: readonly string[], operand: string, words: (value: string) => string): Clause {
  return (body, path, reading) => {
    const [field, given] = theOnly(body, path)
    const at = [...path, field]
    const name = fieldOf(field, at, reading)
    const written = isObject(given) ? optionsOf(given, at, options) : { [operand]: given }
    for (const [option, value] of Object.entries(written)) scalar(value, [...at, option])
    return `${name} ${words(cut(String(scalar(written[operand], [...at, operand]))))}`
  }
}

function optionsOf(body: unknown, path: Path, known: readonly string[]): Readonly<Record<string, unknown>> {
  const allowed = known.length === 0 ? 'nothing' : known.join(', ')
  if (!isObject(body)) throw new FilterProblem(path, `must be a map with ${allowed}`)
  const unknown = Object.keys(body).find(key => !known.includes(key))
  if (unknown !== undefined) throw new FilterProblem([...path, unknown], `is not known here; known is ${allowed}`)
  return body
}

function theOnly(body: unknown, path: Path): readonly [string, unknown] {
  const [entry, ...more] = isObject(body) ? Object.entries(body) : []
  if (entry === undefined || more.length > 0) throw new FilterProblem(path, 'must be a map with one field')
  return entry
}

function fieldOf(value: unknown, path: Path, { fields }: Reading): string {
  if (typeof value !== 'string' || !FIELD.test(value)) throw new FilterProblem(path, 'must be the name of one field')
  fields.add(value)
  return value
}

function scalar(value: unknown, path: Path): Scalar {
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return value
  if (typeof value === 'string' && value.length <= MAX_TEXT) return value
  throw new FilterProblem(path, `must be a number, true, false, or text of at most ${MAX_TEXT} characters`)
}

const cut = (text: string): string => (text.length > 100 ? `${text.slice(0, 100).toWellFormed()}…` : text)
