import { isObject } from '../../core/json.ts'
import type { Fields } from './fields.ts'

/** Reads one dotted name in a record; undefined if it is absent. */
export type PathReader = (fields: Fields) => unknown

/**
 * A reader of the value of a dotted name, whether the dots are part of one key or separate nested objects. The name is
 * split once, here: readers are created when a decoder is built, not while it reads.
 */
export function pathReader(path: string): PathReader {
  const compiled = compile(path)
  return fields => valueAt(fields, compiled)
}

/** A reader of each of some dotted names, by the same keys. */
export function pathReaders<Name extends string>(
  paths: Readonly<Record<Name, string>>,
): Readonly<Record<Name, PathReader>> {
  const readers = Object.entries<string>(paths).map(([name, path]) => [name, pathReader(path)])
  return Object.fromEntries(readers) as Readonly<Record<Name, PathReader>>
}

/** A path, and the ways to read it as a key with further keys below it. */
interface Path {
  readonly name: string
  readonly ways: readonly { readonly head: string; readonly rest: Path }[]
}

function compile(name: string): Path {
  return { name: asKey(name), ways: waysOf(name).map(([head, rest]) => ({ head: asKey(head), rest: compile(rest) })) }
}

/**
 * The same string in the engine's table of property names. A concatenated string is not in it and would be looked up at
 * every read, which makes reading a document a quarter slower.
 */
export function asKey(text: string): string {
  return Object.keys({ [text]: true })[0] as string
}

function valueAt(fields: Fields, { name, ways }: Path): unknown {
  if (Object.hasOwn(fields, name)) return fields[name]
  for (let index = 0; index < ways.length; index++) {
    const { head, rest } = ways[index] as Path['ways'][number]
    const inner = Object.hasOwn(fields, head) ? fields[head] : undefined
    const value = isObject(inner) ? valueAt(inner, rest) : undefined
    if (value !== undefined) return value
  }
  return undefined
}

/** The root keys of which a record must have one for a reader of one of these paths to find something. */
export function rootsOf(paths: readonly string[]): ReadonlySet<string> {
  return new Set(paths.flatMap(path => [path, ...waysOf(path).map(([head]) => head)]))
}

/** The ways to read a dotted name as more than one key: the first key, and the rest below it. */
function waysOf(path: string): readonly (readonly [head: string, rest: string])[] {
  const parts = path.split('.')
  return parts.slice(1).map((_, index) => [parts.slice(0, index + 1).join('.'), parts.slice(index + 1).join('.')])
}

const MAX_PATH_LENGTH = 512
const MAX_PARTS = 8

/** No record has that many values; unfolding this many takes half a millisecond. */
const MAX_KEYS = 512

/** True if `nested` would unfold something: a key has dots, and there are not more keys than in any record. */
export function hasDottedKey(fields: Fields): boolean {
  let keys = 0
  let isDotted = false
  for (const key in fields) {
    if (++keys > MAX_KEYS) return false
    isDotted ||= key.includes('.')
  }
  return isDotted
}

/** The same values with dotted keys unfolded into nested objects; a key that is too long or too deep is kept. */
export function nested(fields: Fields): Fields {
  const unfolding = new Unfolding()
  for (const key in fields) unfolding.place(key, fields[key])
  return unfolding.root
}

class Unfolding {
  readonly root = emptyFields()
  /** Objects created here may be changed; given ones may not. */
  readonly #own = new Set<unknown>()

  /** If a name is already taken, the first value is kept. */
  place(key: string, value: unknown): void {
    const parts = partsOf(key)
    const last = parts.pop() as string
    let holder = this.root
    for (const part of parts) holder = this.#descend(holder, part)
    if (!(last in holder)) holder[last] = value
  }

  #descend(holder: Record<string, unknown>, part: string): Record<string, unknown> {
    const there = holder[part]
    if (this.#own.has(there)) return there as Record<string, unknown>
    const made = Object.assign(emptyFields(), isObject(there) ? there : {})
    this.#own.add(made)
    holder[part] = made
    return made
  }
}

function partsOf(key: string): string[] {
  if (key.length > MAX_PATH_LENGTH || !key.includes('.')) return [key]
  const parts = key.split('.')
  return parts.length > MAX_PARTS || parts.includes('') ? [key] : parts
}

/** Without a prototype, so that a key named `__proto__` is an ordinary key. */
function emptyFields(): Record<string, unknown> {
  return Object.create(null)
}
