import { z } from 'zod'
import { readDocument } from './document.ts'
import type { ConfigProblem, ConfigResult } from './problem.ts'
import { type KeyPlace, unknownKey, wrongValue } from './sentence.ts'
import { formatPath, type KeyPath, keysOf, schemaAt, unwrap } from './shape.ts'

/**
 * Validates the text of a configuration file against its schema.
 *
 * @param file its name, for the messages
 */
export function parseConfig<S extends z.ZodType>(schema: S, text: string, file: string): ConfigResult<z.output<S>> {
  const document = readDocument(text, file)
  if ('sentence' in document) return { ok: false, problems: [document] }
  const value = document.value ?? {}
  // A parser that is compiled costs more than it saves where it parses once.
  const result = schema.safeParse(value, { jitless: true })
  const found = [
    ...(result.error?.issues.flatMap(issue => findings(schema, value, issue)) ?? []),
    ...document.withoutValue.flatMap(keys => unknownWithoutValue(schema, value, keys)),
  ]
  if (result.success && found.length === 0) return { ok: true, config: result.data, lineAt: document.lineAt }
  const problems = found.map(
    ({ keys, code, sentence }): ConfigProblem => ({
      code,
      file,
      line: document.lineOf(keys),
      sentence: document.hasKey(keys) ? withoutValue(sentence) : sentence,
    }),
  )
  return { ok: false, problems: problems.sort((a, b) => a.line - b.line) }
}

/** What to say of a key that is there and has no value, which counts as absent. */
const withoutValue = (sentence: string): string =>
  sentence.replace(
    / is missing(?=;)/,
    ' is without a value (a text that begins with # is a comment unless it is in quotes)',
  )

type Finding = Pick<ConfigProblem, 'code' | 'sentence'> & { readonly keys: KeyPath }

function findings(root: z.ZodType, value: unknown, issue: z.core.$ZodIssue): Finding[] {
  const schema = schemaAt(root, issue.path, value) ?? root
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(name => unknown(root, schema, [...issue.path, name]))
  }
  const own = issue.code === 'custom' && issue.params?.unparsed !== true
  const found = issue.path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], value)
  return [
    {
      code: 'CONFIG_INVALID',
      keys: issue.path,
      sentence: own ? `${formatPath(issue.path)} ${issue.message}` : wrongValue(issue.path, schema, found),
    },
  ]
}

function unknown(root: z.ZodType, schema: z.core.$ZodType, keys: KeyPath): Finding {
  const map = unwrap(schema)
  const known = map instanceof z.ZodObject ? Object.keys(map.shape) : []
  return { code: 'CONFIG_UNKNOWN_KEY', keys, sentence: unknownKey(keys, known, placesOfKeys(root)) }
}

/** A key without a value counts as absent, but not an unknown one: `password:x:` and a misspelt key are mistakes. */
function unknownWithoutValue(root: z.ZodType, value: unknown, keys: KeyPath): Finding[] {
  const map = schemaAt(root, keys.slice(0, -1), value)
  const isKnown = map === undefined || !(unwrap(map) instanceof z.ZodObject) || schemaAt(map, keys.slice(-1), {})
  return isKnown ? [] : [unknown(root, map, keys)]
}

function placesOfKeys(root: z.ZodType): KeyPlace[] {
  return Array.from(keysOf(root), ({ key }) => {
    const dot = key.lastIndexOf('.')
    return { name: key.slice(dot + 1), parent: key.slice(0, Math.max(0, dot)) }
  })
}
