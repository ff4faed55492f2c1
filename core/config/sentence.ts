import { closest, distance } from 'fastest-levenshtein'
import { z } from 'zod'
import { isObject } from '../json.ts'
import { formatPath, type KeyPath, notes, unwrap, variantNames } from './shape.ts'

const MAX_SHOWN_LENGTH = 60

/** Valid values for this schema, to follow "must be". */
export function expectation(schema: z.core.$ZodType): string {
  const { expects } = notes(schema)
  if (expects !== undefined) return expects
  const core = unwrap(schema)
  if (core instanceof z.ZodEnum) return choice(core.options)
  if (core instanceof z.ZodLiteral) return choice([...core.values])
  if (core instanceof z.ZodBoolean) return 'true or false'
  if (core instanceof z.ZodArray) return 'a list'
  if (core instanceof z.ZodDiscriminatedUnion) {
    return `a map with ${core.def.discriminator}: ${choice(variantNames(core))}`
  }
  return 'a map of keys'
}

function choice(values: readonly unknown[]): string {
  const quoted = values.map(value => JSON.stringify(value))
  return quoted.length === 1 ? String(quoted[0]) : `one of ${quoted.join(', ')}`
}

/** `log.level must be one of "info", "warn", but is "loud"`. */
export function wrongValue(keys: KeyPath, schema: z.core.$ZodType, value: unknown): string {
  const key = keys.length === 0 ? 'the file' : formatPath(keys)
  const wanted = expectation(schema)
  if (value === undefined) return `${key} is missing; it must be ${wanted}`
  const hint = wanted === 'text' && typeof value !== 'object' && value !== '' ? '; put it in quotes' : ''
  return `${key} must be ${wanted}, but is ${shown(schema, value)}${hint}`
}

/** The value as it may be printed; only its type if it may contain a secret or is in place of a whole map. */
function shown(schema: z.core.$ZodType, value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (isObject(value)) return 'a map of keys'
  if (value === null) return 'empty'
  const core = unwrap(schema)
  const scalar = !(core instanceof z.ZodObject || core instanceof z.ZodArray || core instanceof z.ZodRecord)
  const kind = typeof value === 'string' ? 'text' : `a ${typeof value}`
  if (!scalar || notes(schema).secret === true) return kind
  const written = typeof value === 'string' ? JSON.stringify(withoutCredentials(value)) : `the ${typeof value} ${value}`
  return written.length > MAX_SHOWN_LENGTH ? `${written.slice(0, MAX_SHOWN_LENGTH)}…` : written
}

/** A URL without the user and password that it may contain. */
function withoutCredentials(text: string): string {
  return text.replace(/^(\w+:\/\/)?.+@/s, '$1<secret>@')
}

/** `log.levl is not a known key; did you mean "level"?` */
export function unknownKey(keys: KeyPath, known: readonly string[]): string {
  const key = formatPath(keys)
  const written = String(keys.at(-1))
  const nearest = known.length === 0 ? undefined : closest(written, known)
  if (nearest !== undefined && distance(written, nearest) <= Math.max(2, nearest.length / 3)) {
    return `${key} is not a known key; did you mean "${nearest}"?`
  }
  return `${key} is not a known key; known here: ${known.join(', ')}`
}
