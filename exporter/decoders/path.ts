import { type Fields, isObject } from './body.ts'

/** The value of a dotted name, whether the dots are part of one key or lead through nested objects. */
export function atPath(fields: Fields, path: string): unknown {
  if (Object.hasOwn(fields, path)) return fields[path]
  for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
    const head = path.slice(0, dot)
    const inner = Object.hasOwn(fields, head) ? fields[head] : undefined
    const value = isObject(inner) ? atPath(inner, path.slice(dot + 1)) : undefined
    if (value !== undefined) return value
  }
  return undefined
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
