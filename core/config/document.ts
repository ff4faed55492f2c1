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
import { formatPath, type KeyPath, shownPath } from './shape.ts'
import { excerpt, faultOfDocument, faultOfText } from './syntax.ts'

const MAX_CHARACTERS = 1024 * 1024
const MAX_DEPTH = 32

/** A YAML file as plain values, with the line of each key. */
export interface ConfigDocument {
  readonly value: unknown
  /** The line of a key; if the file does not contain it, that of its nearest ancestor. */
  lineOf(keys: KeyPath): number
  /** Whether the file contains this key, also without a value. */
  hasKey(keys: KeyPath): boolean
  /** The keys without a value, which `value` does not contain. */
  readonly withoutValue: readonly KeyPath[]
  /** The same of a key as `formatPath` writes it; undefined if the file contains none of its ancestors either. */
  lineAt(key: string): number | undefined
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
 * documents, keys without a colon and more than 32 levels are refused. A key without a value counts as absent.
 */
export function readDocument(text: string, file: string): ConfigDocument | ConfigProblem {
  const counter = new LineCounter()
  const refuse = (offset: number, sentence: string): ConfigProblem => {
    const { line, col: column } = counter.linePos(offset)
    const place = line < 1 ? { line: 1 } : { line, column, excerpt: excerpt(text, line, column) }
    return { code: 'CONFIG_UNREADABLE', file, ...place, sentence }
  }
  if (text.length > MAX_CHARACTERS) return refuse(0, 'the file is larger than 1 MiB; is this the right file?')
  try {
    const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, uniqueKeys: false })
    const fault = faultOfText(text) ?? faultOfDocument(document, text, counter)
    if (fault !== undefined) return refuse(fault.offset, fault.sentence)
    const lines = new Map<string, number>()
    const withoutValue: KeyPath[] = []
    const value = plain(document.contents, [], { lines, withoutValue, counter })
    return {
      value,
      withoutValue,
      lineOf: keys => nearestLine(lines, formatPath(keys)) ?? 1,
      hasKey: keys => lines.has(formatPath(keys)),
      lineAt: key => nearestLine(lines, key),
    }
  } catch (error) {
    if (error instanceof Refusal) return refuse(error.offset, error.message)
    throw error
  }
}

/** What is found on the way. */
interface Found {
  readonly lines: Map<string, number>
  readonly withoutValue: KeyPath[]
  readonly counter: LineCounter
}

function plain(node: ParsedNode | Node | null, keys: KeyPath, found: Found): unknown {
  const offset = node?.range?.[0] ?? 0
  if (keys.length > MAX_DEPTH) throw new Refusal(offset, `this value is nested more than ${MAX_DEPTH} levels deep`)
  if (isAlias(node)) {
    const remedy = 'write the value itself, in quotes if it begins with *'
    throw new Refusal(offset, `${shownPath(keys)} is a YAML alias (*…); ${remedy}`)
  }
  // Without this, a text that begins with & would be lost without a word.
  if (isScalar(node) && node.anchor !== undefined && node.value === null) {
    throw new Refusal(offset, `${shownPath(keys)} is only a YAML anchor (&…); put a value that begins with & in quotes`)
  }
  if (isMap(node)) return plainMap(node, keys, found)
  if (!isSeq(node)) return isScalar(node) ? node.value : null
  return node.items.map((item, index) => {
    const place = [...keys, index]
    found.lines.set(formatPath(place), found.counter.linePos((item as Node).range?.[0] ?? offset).line)
    return plain(item as Node, place, found)
  })
}

function plainMap(map: YAMLMap, keys: KeyPath, found: Found): unknown {
  const { lines, withoutValue, counter } = found
  // Without a prototype, so that a key such as __proto__ is an ordinary, unknown key.
  const result: Record<string, unknown> = Object.create(null)
  for (const { key, value } of map.items) {
    const offset = (key as Node | null)?.range?.[0] ?? map.range?.[0] ?? 0
    if (!isScalar(key)) {
      const isTemplate = isMap(key)
      const remedy = isTemplate
        ? 'fill in the template ({{ … }}), or put it in quotes'
        : 'write a word before the colon'
      throw new Refusal(offset, `this key is not plain text; ${remedy}`)
    }
    if (key.value === null && key.source === '') {
      throw new Refusal(offset, 'this key is empty; write a word before the colon')
    }
    const place = [...keys, String(key.value)]
    const name = formatPath(place)
    const line = counter.linePos(offset).line
    const first = lines.get(name)
    if (first !== undefined)
      throw new Refusal(offset, `${shownPath(place)} is already set in line ${first}; remove one of the two`)
    lines.set(name, line)
    // In braces, `key:value` and `key` alone are keys without a colon: what was meant to be set would be lost.
    if (value === null && map.flow) {
      throw new Refusal(offset, 'this key within braces has no colon and space after it; write key: value')
    }
    const written = plain(value as Node | null, place, found)
    if (written === null) withoutValue.push(place)
    else result[String(key.value)] = written
  }
  return result
}

/** The last key of a path, as `formatPath` writes it. */
const LAST_KEY = /(?:\.?[\w-]+|\[(?:\d+|"(?:[^"\\]|\\.)*")\])$/

function nearestLine(lines: ReadonlyMap<string, number>, key: string): number | undefined {
  for (let at = key; at !== ''; at = at.replace(LAST_KEY, '')) {
    const line = lines.get(at)
    if (line !== undefined) return line
    if (!LAST_KEY.test(at)) return undefined
  }
  return undefined
}
