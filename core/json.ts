/** The value of a JSON text. Undefined, which is the value of no JSON text, if the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** True for a JSON object, which an array and null are not. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * The value at a path in a JSON value: own properties of objects, and of arrays an index or `length`. Undefined if the
 * path leads nowhere.
 */
export function valueAt(json: unknown, ...path: readonly string[]): unknown {
  return path.reduce((at, key) => {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined
    return (at as Readonly<Record<string, unknown>>)[key]
  }, json)
}
