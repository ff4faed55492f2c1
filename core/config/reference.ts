import { z } from 'zod'
import { isObject } from '../json.ts'
import { expectation } from './sentence.ts'
import { isRequired, notes, unwrap, variantNames, writtenDefault } from './shape.ts'

/** One key of the configuration, for the reference page. */
export interface ReferenceRow {
  /**
   * `exporter.sources[].name`; a key that only one variant of a list's items has is written
   * `exporter.sources[file].paths`.
   */
  readonly key: string
  /** `<duration>`, `info | warn`, `map`, `list`. */
  readonly written: string
  /** Valid values, in words; empty for maps and lists. */
  readonly expects: string
  /** As it would be written in the file; undefined if there is no default. */
  readonly defaultValue: unknown
  readonly required: boolean
  /** Empty only if the schema has no description, which a test refuses. */
  readonly description: string
}

/** Every key of the schema; a map precedes its keys. */
export function referenceRows(schema: z.core.$ZodType, key = ''): ReferenceRow[] {
  const core = unwrap(schema)
  if (core instanceof z.ZodObject) {
    return Object.entries(core.shape).flatMap(([name, value]) => keyRows(value, key === '' ? name : `${key}.${name}`))
  }
  if (core instanceof z.ZodArray) return referenceRows(core.element, `${key}[]`)
  if (core instanceof z.ZodRecord) return referenceRows(core.valueType, `${key}.<name>`)
  if (core instanceof z.ZodDiscriminatedUnion) {
    const names = variantNames(core)
    return core.options.flatMap((option, index) => referenceRows(option, key.replace(/\[\]$/, `[${names[index]}]`)))
  }
  return []
}

function keyRows(schema: z.core.$ZodType, key: string): ReferenceRow[] {
  const below = referenceRows(schema, key)
  const { description = '' } = notes(schema)
  const container = written(schema) === 'map' || written(schema).startsWith('list')
  const row: ReferenceRow = {
    key,
    written: written(schema),
    expects: container ? '' : expectation(schema),
    defaultValue: isEmptyMap(writtenDefault(schema)) ? undefined : writtenDefault(schema),
    required: isRequired(schema),
    description,
  }
  return [row, ...below]
}

function written(schema: z.core.$ZodType): string {
  const { placeholder } = notes(schema)
  if (placeholder !== undefined) return placeholder
  const core = unwrap(schema)
  if (core instanceof z.ZodEnum) return core.options.join(' | ')
  if (core instanceof z.ZodLiteral) return [...core.values].join(' | ')
  if (core instanceof z.ZodBoolean) return '<boolean>'
  if (core instanceof z.ZodArray) {
    const element = written(core.element)
    return element === 'map' ? 'list' : `list of ${element}`
  }
  return 'map'
}

const isEmptyMap = (value: unknown): boolean => isObject(value) && Object.keys(value).length === 0
