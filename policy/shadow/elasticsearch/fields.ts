import type { Client, estypes } from '@elastic/elasticsearch'
import { ClawtrustError } from '../../../core/errors.ts'
import type { FieldValue, FlowTuple, TupleKey } from '../../../decoding/dialects/flow-tuple.ts'
import { noIndex } from '../../../service/elasticsearch/cursor-field.ts'

/** The field of the source in an index, with how values of it are compared. */
export interface MappedKey {
  /** In the document. */
  readonly path: string
  /** To aggregate by. */
  readonly field: string
  readonly isList: boolean
}

/** A dialect's documents as the indices have them. */
export interface TupleLayout {
  readonly dialect: string
  /** The indices to search: others may have fields of the same names with other types. */
  readonly index: readonly string[]
  /** Place of the record in the documents: `json.`, or an empty text for the root. */
  readonly prefix: string
  readonly marks: readonly string[]
  readonly time: string
  /** Every field that has a time, for documents without a flow. */
  readonly times: readonly string[]
  readonly keys: readonly MappedKey[]
  /** Keys that no index maps: no document may have one. */
  readonly unmapped: readonly string[]
  readonly count?: string
  readonly required: readonly FieldValue[]
  readonly excluded: readonly FieldValue[]
  /** Documents with this field say how many records were lost. */
  readonly lost?: string
}

/** Of a dialect, at a place in the documents (`json.`), else at the root (an empty text). */
export interface TuplePlace {
  readonly dialect: string
  readonly tuple: FlowTuple
  readonly prefix: string
}

type Capabilities = estypes.FieldCapsResponse['fields']

/** What the mappings of some indices have; of documents that were never parsed there are no layouts. */
export interface Layouts {
  readonly layouts: readonly TupleLayout[]
  /** Of documents of any kind; undefined where none of the fields is mapped as a date. */
  readonly time: string | undefined
}

/** @param fallbackTimes fields with the time of documents of any kind, the best first */
export async function readLayouts(
  client: Client,
  index: readonly string[],
  places: readonly TuplePlace[],
  fallbackTimes: readonly string[],
): Promise<Layouts> {
  const wanted = places.flatMap(({ tuple, prefix }) => pathsOf(tuple).map(path => prefix + path))
  const all = [...new Set([...wanted, ...wanted.map(asKeyword), ...fallbackTimes])]
  const { fields, indices } = await client.fieldCaps({ index: [...index], fields: all, include_unmapped: true })
  if (indices.length === 0) throw noIndex({ index })
  const mappings = { fields, index, indices: [indices].flat() }
  const layouts = places.flatMap(place => layoutOf(place, mappings, fallbackTimes) ?? [])
  const times = [...fallbackTimes, ...layouts.flatMap(one => one.times)]
  return { layouts, time: times.find(field => isTime(fields, field)) }
}

const pathsOf = ({ marks, required = [], times, keys, count, excluded = [], lost }: FlowTuple): readonly string[] => [
  ...marks,
  ...[...required, ...excluded].map(({ field }) => field),
  ...times,
  ...keys.flatMap(({ field, unless }) => (unless === undefined ? [field] : [field, unless])),
  ...(count === undefined ? [] : [count]),
  ...(lost === undefined ? [] : [lost]),
]

interface Mappings {
  readonly fields: Capabilities
  /** As it was asked for. */
  readonly index: readonly string[]
  readonly indices: readonly string[]
}

/** Characters of names of indices in one request: the server takes a line of 4,096. */
const MAX_NAMES_LENGTH = 2_000

/** What the indices have in which documents may have all of some fields; all where these are too many to name. */
function having({ fields, index, indices }: Mappings, paths: readonly string[]): Mappings {
  const missing = new Set(paths.flatMap(path => indicesWithout(fields, path)))
  const some = indices.filter(name => !missing.has(name))
  const isAll = some.length === 0 || some.length === indices.length || some.join().length > MAX_NAMES_LENGTH
  return isAll ? { fields, index, indices } : { fields: restricted(fields, new Set(some)), index: some, indices: some }
}

function restricted(fields: Capabilities, some: ReadonlySet<string>): Capabilities {
  const isIn = ({ indices }: estypes.FieldCapsFieldCapability) =>
    indices === undefined || [indices].flat().some(name => some.has(name))
  return Object.fromEntries(
    Object.entries(fields).map(([name, types]) => [
      name,
      Object.fromEntries(Object.entries(types).filter(([, capability]) => isIn(capability))),
    ]),
  )
}

function layoutOf(
  { dialect, tuple, prefix }: TuplePlace,
  all: Mappings,
  fallbackTimes: readonly string[],
): TupleLayout | undefined {
  const marks = tuple.marks.map(path => prefix + path)
  if (!marks.every(path => typesOf(all.fields, path).length > 0)) return undefined
  const { fields, index } = having(all, marks)
  const has = (path: string) => typesOf(fields, prefix + path).length > 0
  const times = [...tuple.times.map(path => prefix + path), ...fallbackTimes].filter(field => isTime(fields, field))
  const [time] = times
  if (time === undefined) {
    const named = [...tuple.times.map(path => prefix + path), ...fallbackTimes].join(', ')
    throw unusable(
      index,
      `none of ${named} is mapped as a date`,
      'map one of them as date, and index the documents again',
    )
  }
  const wanted = tuple.keys.filter(({ unless }) => unless === undefined || !has(unless))
  const { count, required = [], excluded = [], lost } = tuple
  return {
    dialect,
    index,
    prefix,
    marks,
    time,
    times,
    keys: wanted.flatMap(key => mappedKey(key, prefix, fields, index) ?? []),
    required: required.map(one => comparedValue(one, prefix, fields)),
    excluded: excluded.filter(({ field }) => has(field)).map(one => comparedValue(one, prefix, fields)),
    unmapped: wanted.filter(({ field }) => !has(field)).map(({ field }) => prefix + field),
    ...(count !== undefined && { count: numberField(prefix + count, fields, index) }),
    ...(lost !== undefined && has(lost) && { lost: prefix + lost }),
  }
}

/** By the field that can be compared as a whole, where there is one beside a text. */
function comparedValue({ field, value }: FieldValue, prefix: string, fields: Capabilities): FieldValue {
  const full = prefix + field
  const name = [full, asKeyword(full)].find(each => areComparable(fields, each, full)) ?? full
  return { field: name, value }
}

function numberField(field: string, fields: Capabilities, index: readonly string[]): string {
  const types = typesOf(fields, field).map(({ type }) => type)
  if (types.every(type => families[type] === 'number' || NUMBERS.includes(type))) return field
  throw unusable(
    index,
    `${field} is mapped as ${types.join(' and ')}, of which there is no sum`,
    'map it as long in every index, and index the documents again',
  )
}

const NUMBERS = ['double', 'float', 'half_float', 'scaled_float']

/** Undefined where no index maps the field. */
function mappedKey(
  { field: path, isList }: TupleKey,
  prefix: string,
  fields: Capabilities,
  index: readonly string[],
): MappedKey | undefined {
  const full = prefix + path
  const types = typesOf(fields, full)
  if (types.length === 0) return undefined
  const field = [full, asKeyword(full)].find(name => areComparable(fields, name, full))
  if (field !== undefined) return { path: full, field, isList: isList === true }
  const named = types.map(({ type }) => type).join(' and ')
  throw unusable(
    index,
    `${full} is mapped as ${named}, by which documents cannot be grouped`,
    'map it as keyword (a number as long, an address as ip) in every index, and index the documents again',
  )
}

const asKeyword = (path: string): string => `${path}.keyword`

const typesOf = (fields: Capabilities, name: string): readonly estypes.FieldCapsFieldCapability[] =>
  Object.values(fields[name] ?? {}).filter(({ type }) => type !== 'unmapped')

const families: Readonly<Record<string, string>> = {
  keyword: 'text',
  constant_keyword: 'text',
  wildcard: 'text',
  ip: 'ip',
  boolean: 'boolean',
  date: 'date',
  ...Object.fromEntries(['long', 'integer', 'short', 'byte', 'unsigned_long'].map(type => [type, 'number'])),
}

/** True where each index that has the field can group by this name of it, and all by values of one kind. */
function areComparable(fields: Capabilities, name: string, field: string): boolean {
  const types = typesOf(fields, name)
  const found = types.map(({ type, aggregatable }) => (aggregatable ? families[type] : undefined))
  if (types.length === 0 || found.some(family => family === undefined || family !== found[0])) return false
  const without = indicesWithout(fields, field)
  return indicesWithout(fields, name).every(index => without.includes(index))
}

const indicesWithout = (fields: Capabilities, name: string): readonly string[] =>
  [fields[name]?.unmapped?.indices ?? []].flat()

const isTime = (fields: Capabilities, name: string): boolean => {
  const types = typesOf(fields, name)
  return types.length > 0 && types.every(({ type }) => type === 'date' || type === 'date_nanos')
}

/** @param what a clause */
export const unusable = (index: readonly string[], what: string, remedy: string): ClawtrustError =>
  new ClawtrustError(
    'POLICY_HISTORY_FIELDS',
    `The flows in ${index.join(',')} cannot be counted, because ${what}; ${remedy}, or read the log files by --logs`,
  )
