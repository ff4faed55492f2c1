import { closest, distance } from 'fastest-levenshtein'
import { z } from 'zod'
import { isObject } from '../json.ts'
import { formatPath, type KeyPath, lengthsOf, notes, quoted, shownPath, unwrap, variantNames } from './shape.ts'

const MAX_SHOWN_LENGTH = 60

/** Valid values for this schema, to follow "must be". */
export function expectation(schema: z.core.$ZodType): string {
  const { expects } = notes(schema)
  if (expects !== undefined) return expects
  const core = unwrap(schema)
  if (core instanceof z.ZodEnum) return choice(core.options)
  if (core instanceof z.ZodLiteral) return choice([...core.values])
  if (core instanceof z.ZodBoolean) return 'true or false'
  if (core instanceof z.ZodArray) return lengthsOf(core).least > 0 ? 'a list with at least one item' : 'a list'
  if (core instanceof z.ZodDiscriminatedUnion) {
    return `a map with ${core.def.discriminator}: ${choice(variantNames(core))}`
  }
  return 'a map of keys'
}

function choice(values: readonly unknown[]): string {
  const written = values.map(value => JSON.stringify(value))
  return written.length === 1 ? String(written[0]) : `one of ${written.join(', ')}`
}

/** `log.level must be one of "info", "warn", but is "loud"`. */
export function wrongValue(keys: KeyPath, schema: z.core.$ZodType, value: unknown): string {
  const key = keys.length === 0 ? 'the file' : formatPath(keys)
  const wanted = expectation(schema)
  if (value === undefined) return `${key} is missing; it must be ${wanted}`
  if (isEmpty(value)) return `${key} is empty; it must be ${wanted}`
  const core = unwrap(schema)
  const most = core instanceof z.ZodArray ? lengthsOf(core).greatest : Number.POSITIVE_INFINITY
  if (Array.isArray(value) && value.length > most) {
    return `${key} has ${value.length} items; at most ${most} are possible`
  }
  return `${key} must be ${wanted}, but is ${shown(schema, value)}${hint(schema, value)}`
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === '') return true
  return Array.isArray(value) && value.length === 0
}

/** The value as it may be printed; only its type if it may contain a secret or is in place of a whole map. */
function shown(schema: z.core.$ZodType, value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (isObject(value)) return isSecret(schema) ? 'a map' : mapText(value)
  const core = unwrap(schema)
  const scalar = !(core instanceof z.ZodObject || core instanceof z.ZodArray || core instanceof z.ZodRecord)
  const kind = typeof value === 'string' ? 'text' : `a ${typeof value}`
  if (!scalar || isSecret(schema)) return kind
  if (typeof value === 'number' && !Number.isFinite(value)) return `${value}, which is not finite`
  const written = typeof value === 'string' ? quoted(withoutCredentials(value)) : `the ${typeof value} ${value}`
  return written.length > MAX_SHOWN_LENGTH ? `${written.slice(0, MAX_SHOWN_LENGTH).toWellFormed()}…` : written
}

/** Keys that are named of a map in place of another value. */
const MAX_SHOWN_KEYS = 3

function mapText(map: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(map).filter(name => /^[\w-]{1,30}$/.test(name))
  if (names.length === 0 || names.length > MAX_SHOWN_KEYS) return 'a map'
  return `a map with the ${names.length === 1 ? 'key' : 'keys'} ${names.join(', ')}`
}

const isSecret = (schema: z.core.$ZodType): boolean => notes(schema).secret === true

/** What was probably intended, as a further clause; empty if there is no guess that would be valid. */
function hint(schema: z.core.$ZodType, value: unknown): string {
  const isValid = (other: unknown) => z.safeParse(schema, other).success
  const core = unwrap(schema)
  if (typeof value === 'number' || typeof value === 'boolean') {
    // Digits beyond those of a number are lost before they are seen here.
    const isCut = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)
    if (isValid(String(value)) || (isCut && !(core instanceof z.ZodNumber))) return '; put it in quotes'
    return suggestion(schema, String(value), isValid)
  }
  if (Array.isArray(value)) return value.length === 1 && isValid(value[0]) ? '; remove the dash or the brackets' : ''
  if (typeof value !== 'string') return core instanceof z.ZodArray ? '; begin each item with a dash (- )' : ''
  if (core instanceof z.ZodArray) {
    if (/^\s*\[.*\]\s*$/s.test(value)) return '; remove the quotes'
    return '; write it as a list: put a dash (- ) before each item, or square brackets around all'
  }
  if (core instanceof z.ZodDiscriminatedUnion && variantNames(core).includes(value)) {
    return `; write it as a map: ${core.def.discriminator}: ${value}`
  }
  if (['true', 'false'].includes(value) ? isValid(value === 'true') : value.trim() !== '' && isValid(Number(value))) {
    return '; remove the quotes'
  }
  if (isMapLike(schema)) return /^[\w.-]+\s*[:=]/.test(value) ? '; write each key as key: value, with a space' : ''
  const straight = value.replace(/[\u2018-\u201f\u00ab\u00bb]/g, '')
  if (straight !== value && isValid(straight)) return '; remove the typographic quotes, or use straight ones'
  return suggestion(schema, value, isValid)
}

/** Words that YAML 1.1 reads as true or false; YAML 1.2 reads them as text. */
const BOOLEAN_WORDS = { yes: true, on: true, y: true, no: false, off: false, n: false } as const

function suggestion(schema: z.core.$ZodType, value: string, isValid: (other: unknown) => boolean): string {
  if (isSecret(schema)) return ''
  const word = value.toLowerCase()
  if (Object.hasOwn(BOOLEAN_WORDS, word)) {
    const meant = BOOLEAN_WORDS[word as keyof typeof BOOLEAN_WORDS]
    if (isValid(meant)) return `; did you mean ${meant}?`
  }
  const digits = value.replace(/(?<=\d)[_,' ](?=\d)/g, '')
  if (digits !== value && isValid(Number(digits))) return `; did you mean ${digits}?`
  const meant = repaired(schema, value)
  return meant !== undefined && isValid(meant) ? `; did you mean ${quoted(meant)}?` : ''
}

function isMapLike(schema: z.core.$ZodType): boolean {
  const core = unwrap(schema)
  return core instanceof z.ZodObject || core instanceof z.ZodRecord || core instanceof z.ZodDiscriminatedUnion
}

function repaired(schema: z.core.$ZodType, value: string): string | undefined {
  const { repair } = notes(schema)
  if (repair !== undefined) return repair(value.trim())
  const core = unwrap(schema)
  const options = core instanceof z.ZodEnum ? core.options : core instanceof z.ZodLiteral ? [...core.values] : []
  return nearest(
    value,
    options.filter(option => typeof option === 'string'),
  )
}

/** A URL without the user, the password and the query that it may contain. */
function withoutCredentials(text: string): string {
  return text.replace(/^(\w+:\/\/)?.+@/s, '$1<secret>@').replace(/(?<=^\w+:\/\/[^?]*\?).+/s, '<secret>')
}

/** A map of the schema that has a key of some name. */
export interface KeyPlace {
  readonly name: string
  /** `exporter`, `exporter.sources[]`, `exporter.sources[file]`; empty for the root. */
  readonly parent: string
}

/** Places that are named for a key that is valid elsewhere. */
const MAX_PLACES = 3

/**
 * `log.levl is not a known key; did you mean "level"?`
 *
 * @param known the keys that are valid here
 * @param places every key of the schema, for those that were written at a wrong level
 */
export function unknownKey(keys: KeyPath, known: readonly string[], places: readonly KeyPlace[] = []): string {
  const written = String(keys.at(-1))
  if (written.trim() === '') return `${formatPath(keys)} is a key without a name; write a word before the colon`
  const key = `${shownPath(keys)} is not a known key`
  const bare = written.replace(/^[\s\p{C}\p{Z}-]+|[\s\p{C}\p{Z}]+$/gu, '')
  if (bare !== written && bare !== '') return `${key}; ${odd(written, bare)}`
  const [first = '', ...below] = written.split('.')
  if (below.length > 0 && known.includes(first)) {
    return `${key}; write ${below.join('.')} under ${first}, on a line of its own that is indented further`
  }
  const near = nearest(written, known)
  if (near !== undefined && distance(plain(near), plain(written)) <= 1) return `${key}; did you mean "${near}"?`
  const elsewhere = nearby(
    keys,
    places.filter(({ name }) => name === written),
  )
  if (elsewhere.length > 0 && elsewhere.length <= MAX_PLACES) {
    return `${key}; ${written} belongs ${elsewhere.map(({ parent }) => placeText(parent)).join(' or ')}`
  }
  if (near !== undefined) return `${key}; did you mean "${near}"?`
  const meant = nearest(written, [...new Set(places.map(one => one.name))])
  const similar = nearby(
    keys,
    places.filter(({ name }) => name === meant),
  )
  if (similar.length > 0 && similar.length <= MAX_PLACES) {
    const [{ name } = { name: '' }] = similar
    return `${key}; did you mean "${name}", which belongs ${similar.map(({ parent }) => placeText(parent)).join(' or ')}?`
  }
  return `${key}; known here: ${known.join(', ')}`
}

/** Where a key has too many places to name them, those of the same section. */
function nearby([section]: KeyPath, places: readonly KeyPlace[]): readonly KeyPlace[] {
  if (places.length <= MAX_PLACES) return places
  return places.filter(({ parent }) => /^[\w-]*/.exec(parent)?.[0] === String(section))
}

function odd(written: string, bare: string): string {
  return written.startsWith('-')
    ? `write a space between the dash and ${bare}`
    : `remove the space or the invisible character beside ${bare}, and type the indentation with ordinary spaces`
}

/** `under exporter`, `in an item of exporter.sources`, `in an item of type file in exporter.sources`. */
function placeText(parent: string): string {
  if (parent === '') return 'at the root of the file'
  const [, list, type] = /^(.*)\[(\w*)\]$/.exec(parent) ?? []
  if (list === undefined) return `under ${parent.replaceAll('[]', '')}`
  return type === '' ? `in an item of ${list.replaceAll('[]', '')}` : `in an item of type ${type} of ${list}`
}

/** Names that differ only in case and separators are the same here. */
const plain = (name: string): string => name.toLowerCase().replace(/[-_. ]/g, '')

/** The most similar one; undefined if none is similar enough to be meant. */
export function nearest(written: string, known: readonly string[]): string | undefined {
  const name = plain(written)
  const same = known.find(one => plain(one) === name)
  if (same !== undefined || known.length === 0) return same
  const longer = known.find(one => Math.min(one.length, name.length) > 2 && isBeginning(plain(one), name))
  if (longer !== undefined) return longer
  const found = closest(written, known as string[])
  const shorter = Math.min(written.length, found.length)
  return shorter > 1 && distance(written, found) <= Math.ceil(shorter / 3) ? found : undefined
}

const isBeginning = (one: string, other: string): boolean => one.startsWith(other) || other.startsWith(one)
