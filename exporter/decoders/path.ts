import { type Fields, isObject } from './body.ts'

/** One way to read a dotted name: the first part as a key, the rest below it. */
interface Split {
  readonly head: string
  readonly rest: string
}

/** Paths are few, and each is looked up in every document: they are split once. */
const splitsOf = new Map<string, readonly Split[]>()

function split(path: string): readonly Split[] {
  const parts = path.split('.')
  const splits = parts.slice(1).map((_, index) => {
    return { head: parts.slice(0, index + 1).join('.'), rest: parts.slice(index + 1).join('.') }
  })
  splitsOf.set(path, splits)
  return splits
}

/**
 * The value of a dotted name, whether the dots are part of one key or lead through nested objects.
 *
 * @param path of the code's own, never a record's: what is known of it is kept for good
 */
export function atPath(fields: Fields, path: string): unknown {
  if (Object.hasOwn(fields, path)) return fields[path]
  const splits = splitsOf.get(path) ?? split(path)
  for (let index = 0; index < splits.length; index++) {
    const { head, rest } = splits[index] as Split
    const inner = Object.hasOwn(fields, head) ? fields[head] : undefined
    const value = isObject(inner) ? atPath(inner, rest) : undefined
    if (value !== undefined) return value
  }
  return undefined
}

/** The keys of which a record must have one at its root, for `atPath` to find something under one of these paths. */
export function rootsOf(paths: readonly string[]): ReadonlySet<string> {
  return new Set(paths.flatMap(path => [path, ...split(path).map(({ head }) => head)]))
}

const LONGEST_PATH = 512
const MOST_PARTS = 8

/** The same values with dotted keys unfolded into nested objects; a key that is too long or too deep stays as it is. */
export function nested(fields: Fields): Fields {
  const unfolding = new Unfolding()
  for (const key in fields) unfolding.place(key, fields[key])
  return unfolding.root
}

class Unfolding {
  readonly root = emptyFields()
  /** Objects made here may be written to; those that were given may not. */
  readonly #own = new Set<unknown>()

  /** Where a name is taken already the first value stays. */
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
  if (key.length > LONGEST_PATH || !key.includes('.')) return [key]
  const parts = key.split('.')
  return parts.length > MOST_PARTS || parts.includes('') ? [key] : parts
}

/** Without a prototype, so that a key named `__proto__` is a key like any other. */
function emptyFields(): Record<string, unknown> {
  return Object.create(null)
}
