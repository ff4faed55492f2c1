import { z } from 'zod'
import { isObject } from '../json.ts'
import { expectation } from './sentence.ts'
import { isRequired, keysOf, notes, unwrap, writtenDefault } from './shape.ts'

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
  return [...keysOf(schema, key)].map(({ key, schema }) => rowOf(schema, key))
}

function rowOf(schema: z.core.$ZodType, key: string): ReferenceRow {
  const { description = '' } = notes(schema)
  const container = written(schema) === 'map' || written(schema).startsWith('list')
  return {
    key,
    written: written(schema),
    expects: container ? '' : expectation(schema),
    defaultValue: isEmptyMap(writtenDefault(schema)) ? undefined : writtenDefault(schema),
    required: isRequired(schema),
    description,
  }
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
  if (core instanceof z.ZodObject || core instanceof z.ZodRecord || core instanceof z.ZodDiscriminatedUnion)
    return 'map'
  throw new TypeError(`a key of type ${core._zod.def.type} has no placeholder; add one by meta()`)
}

const isEmptyMap = (value: unknown): boolean => isObject(value) && Object.keys(value).length === 0
