import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type ParsedNode,
  parseDocument,
  type YAMLMap,
} from 'yaml'
import type { ConfigProblem } from './problem.ts'
import { formatPath, type KeyPath } from './shape.ts'

const MAX_CHARACTERS = 1024 * 1024
const MAX_DEPTH = 32

/** A YAML file as plain values, with the line of each key. */
export interface ConfigDocument {
  readonly value: unknown
  /** The line of a key; if the file does not contain it, that of its nearest ancestor. */
  lineOf(keys: KeyPath): number
}

/** Messages by yaml's error codes: yaml's own messages may quote the file, and the quoted text may be a secret. */
const SYNTAX: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'is indented with a tab; indent it with spaces',
  MULTIPLE_DOCS: 'begins a second YAML document; a file may contain only one',
  TAG_RESOLVE_FAILED: 'has an unknown YAML tag (!…); remove the tag',
  RESOURCE_EXHAUSTION: 'is nested too deeply',
  BAD_DIRECTIVE: 'has an unknown YAML directive (%…); remove it',
}

class Refusal extends Error {
  readonly offset: number

  constructor(offset: number, sentence: string) {
    super(sentence)
    this.offset = offset
  }
}

/**
 * Reads one YAML document. Duplicate keys, aliases (a few bytes of which can expand to gigabytes), tabs, further
 * documents and more than 32 levels are refused. A key without a value counts as absent.
 */
export function readDocument(text: string, file: string): ConfigDocument | ConfigProblem {
  const counter = new LineCounter()
  const refuse = (offset: number, sentence: string): ConfigProblem => ({
    code: 'CONFIG_UNREADABLE',
    file,
    line: Math.max(1, counter.linePos(offset).line),
    sentence,
  })
  if (text.length > MAX_CHARACTERS) return refuse(0, 'the file is larger than 1 MiB; is this the right file?')
  try {
    const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, uniqueKeys: false })
    const [error] = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0])
    if (error !== undefined) {
      const advice =
        SYNTAX[error.code] ?? `is not valid YAML (${error.code}); check its indentation, quotes and brackets`
      return refuse(error.pos[0], `this line ${advice}`)
    }
    const lines = new Map<string, number>()
    const value = plain(document.contents, [], lines, counter)
    return { value, lineOf: keys => nearestLine(lines, keys) }
  } catch (error) {
    if (error instanceof Refusal) return refuse(error.offset, error.message)
    throw error
  }
}

function plain(
  node: ParsedNode | Node | null,
  keys: KeyPath,
  lines: Map<string, number>,
  counter: LineCounter,
): unknown {
  const offset = node?.range?.[0] ?? 0
  if (keys.length > MAX_DEPTH) throw new Refusal(offset, `this value is nested more than ${MAX_DEPTH} levels deep`)
  if (isAlias(node)) throw new Refusal(offset, `${formatPath(keys)} is a YAML alias (*…); write the value itself`)
  if (isMap(node)) return plainMap(node, keys, lines, counter)
  if (!isSeq(node)) return isScalar(node) ? node.value : null
  return node.items.map((item, index) => {
    const place = [...keys, index]
    lines.set(formatPath(place), counter.linePos((item as Node).range?.[0] ?? offset).line)
    return plain(item as Node, place, lines, counter)
  })
}

function plainMap(map: YAMLMap, keys: KeyPath, lines: Map<string, number>, counter: LineCounter): unknown {
  // Without a prototype, so that a key such as __proto__ is an ordinary, unknown key.
  const result: Record<string, unknown> = Object.create(null)
  for (const { key, value } of map.items) {
    const offset = (key as Node | null)?.range?.[0] ?? map.range?.[0] ?? 0
    if (!isScalar(key)) throw new Refusal(offset, 'this key is not plain text; write a word before the colon')
    const place = [...keys, String(key.value)]
    const name = formatPath(place)
    const line = counter.linePos(offset).line
    const first = lines.get(name)
    if (first !== undefined) throw new Refusal(offset, `${name} is already set in line ${first}; remove one of the two`)
    lines.set(name, line)
    const written = plain(value as Node | null, place, lines, counter)
    if (written !== null) result[String(key.value)] = written
  }
  return result
}

function nearestLine(lines: ReadonlyMap<string, number>, keys: KeyPath): number {
  for (let length = keys.length; length > 0; length--) {
    const line = lines.get(formatPath(keys.slice(0, length)))
    if (line !== undefined) return line
  }
  return 1
}
