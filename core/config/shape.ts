import { z } from 'zod'
import { isObject } from '../json.ts'
import type { KeyNotes } from './schema.ts'

/** The position of a value in a configuration: keys of maps and indices of lists. */
export type KeyPath = readonly PropertyKey[]

/**
 * `exporter.sources[0].name`; a key that is not a plain word is quoted, so that different paths always have different
 * texts.
 */
export function formatPath(keys: KeyPath): string {
  return keys.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`
    const name = String(key)
    if (!/^[\w-]+$/.test(name)) return `${text}[${quoted(name)}]`
    return text === '' ? name : `${text}.${name}`
  }, '')
}

/** A value that was written to its key without a space, as in `password:x`; it may be a secret. */
const VALUE_IN_KEY = /(?<=^[^:=]*[:=]).+$/s

/** The same for a message: a key that contains a value is cut before the value. */
export const shownPath = (keys: KeyPath): string =>
  formatPath(keys.map(key => (typeof key === 'string' ? key.replace(VALUE_IN_KEY, '…') : key)))

/** The text in quotes as JSON, with every character that is invisible or unusual white space as an escape. */
export function quoted(text: string): string {
  return JSON.stringify(text).replace(/(?! )[\p{C}\p{Z}]/gu, character =>
    Array.from(
      { length: character.length },
      (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
    ).join(''),
  )
}

/** The schema without defaults, optionality and transformations, which decides the valid values. */
export function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  for (const inner of layers(schema)) if (inner === innermost(inner)) return inner
  return schema
}

/** The notes of all layers; an outer layer overrides an inner one. */
export function notes(schema: z.core.$ZodType): KeyNotes {
  return Object.assign({}, ...[...layers(schema)].reverse().map(layer => z.globalRegistry.get(layer)))
}

/** The least and the greatest number of items of a list. */
export function lengthsOf({ def }: z.ZodArray): { readonly least: number; readonly greatest: number } {
  const found = { least: 0, greatest: Number.POSITIVE_INFINITY }
  for (const { _zod } of def.checks ?? []) {
    const { check, minimum, maximum } = _zod.def as { check: string; minimum?: unknown; maximum?: unknown }
    if (check === 'min_length' && typeof minimum === 'number') found.least = Math.max(found.least, minimum)
    if (check === 'max_length' && typeof maximum === 'number') found.greatest = Math.min(found.greatest, maximum)
  }
  return found
}

/** The default as it would be written in the file; undefined if there is none. */
export function writtenDefault(schema: z.core.$ZodType): unknown {
  for (const layer of layers(schema)) {
    if (hasDefault(layer)) return layer.def.defaultValue
  }
  return undefined
}

export function isRequired(schema: z.core.$ZodType): boolean {
  return ![...layers(schema)].some(layer => isOptional(layer) || hasDefault(layer))
}

/** The schema of the value at this place; of several variants the one that the value's own discriminator names. */
export function schemaAt(root: z.core.$ZodType, keys: KeyPath, value: unknown): z.core.$ZodType | undefined {
  let schema: z.core.$ZodType | undefined = root
  let here = value
  for (const key of keys) {
    schema = schema && child(schema, key, here)
    here = isObject(here) || Array.isArray(here) ? (here as Record<PropertyKey, unknown>)[key] : undefined
  }
  return schema && (variant(schema, here) ?? schema)
}

function child(schema: z.core.$ZodType, key: PropertyKey, value: unknown): z.core.$ZodType | undefined {
  const container = unwrap(variant(schema, value) ?? schema)
  if (container instanceof z.ZodObject) return container.shape[String(key)]
  if (container instanceof z.ZodArray) return container.element
  if (container instanceof z.ZodRecord) return container.valueType
  if (container instanceof z.ZodDiscriminatedUnion) {
    const { discriminator } = container.def
    return key === discriminator ? z.literal(variantNames(container)) : undefined
  }
  return undefined
}

/** Every key below a schema, written as in `ReferenceRow`; a map precedes its keys. */
export function* keysOf(
  schema: z.core.$ZodType,
  key = '',
): Generator<{ readonly key: string; readonly schema: z.core.$ZodType }> {
  const core = unwrap(schema)
  if (core instanceof z.ZodObject) {
    for (const [name, value] of Object.entries(core.shape)) {
      const here = key === '' ? name : `${key}.${name}`
      yield { key: here, schema: value }
      yield* keysOf(value, here)
    }
  }
  if (core instanceof z.ZodArray) yield* keysOf(core.element, `${key}[]`)
  if (core instanceof z.ZodRecord) yield* keysOf(core.valueType, `${key}.<name>`)
  if (core instanceof z.ZodDiscriminatedUnion) {
    const names = variantNames(core)
    for (const [index, option] of core.options.entries()) {
      yield* keysOf(option, key.replace(/\[\]$/, `[${names[index]}]`))
    }
  }
}

/** The variant that the value's discriminator names. */
function variant(schema: z.core.$ZodType, value: unknown): z.core.$ZodType | undefined {
  const union = unwrap(schema)
  if (!(union instanceof z.ZodDiscriminatedUnion) || !isObject(value)) return undefined
  const name = value[union.def.discriminator]
  return typeof name === 'string' ? union.options[variantNames(union).indexOf(name)] : undefined
}

/** The values of the discriminator, in the order of the variants. */
export function variantNames({ options, def }: z.ZodDiscriminatedUnion): string[] {
  return options.map(option => {
    const literal = option instanceof z.ZodObject ? option.shape[def.discriminator] : undefined
    return literal instanceof z.ZodLiteral ? String(literal.value) : ''
  })
}

function innermost(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodPipe) return schema.in
  if (isOptional(schema) || hasDefault(schema)) return schema.def.innerType
  return schema
}

const isOptional = (schema: z.core.$ZodType) => schema instanceof z.ZodOptional || schema instanceof z.ZodExactOptional

const hasDefault = (schema: z.core.$ZodType) => schema instanceof z.ZodPrefault || schema instanceof z.ZodDefault

function* layers(schema: z.core.$ZodType): Generator<z.core.$ZodType> {
  let layer = schema
  for (;;) {
    yield layer
    const inner = innermost(layer)
    if (inner === layer) return
    layer = inner
  }
}
