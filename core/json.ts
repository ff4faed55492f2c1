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

const [QUOTE, COMMA, COLON, OPEN_ARRAY, BACKSLASH, OPEN_OBJECT, CLOSE_ARRAY, CLOSE_OBJECT] = [...'",:[\\{]}'].map(
  each => each.charCodeAt(0),
)

/**
 * True if a JSON text (UTF-8) has more than this number of commas, colons and opening brackets outside of strings. Each
 * value but the first needs one, so that this bounds what parsing the text costs; it takes memory for none of them.
 */
export function hasMoreTokens(text: Uint8Array, limit: number): boolean {
  let tokens = 0
  let isInString = false
  for (let at = 0; at < text.length; at++) {
    const byte = text[at]
    if (isInString) {
      if (byte === BACKSLASH) at++
      else if (byte === QUOTE) isInString = false
    } else if (byte === QUOTE) isInString = true
    else if (byte === COMMA || byte === COLON || byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
      tokens++
      if (tokens > limit) return true
    }
  }
  return false
}

/**
 * True if lists and objects of a JSON text (of UTF-8 where it is bytes) are nested in more than this number of levels:
 * `JSON.parse` reads any number, and what walks over its value by recursion, as `JSON.stringify` does, has no stack for
 * them.
 */
export function isNestedDeeper(text: Uint8Array | string, levels: number): boolean {
  if (typeof text === 'string' && !hasMoreBrackets(text, levels)) return false
  let level = 0
  let isInString = false
  for (let at = 0; at < text.length; at++) {
    const byte = typeof text === 'string' ? text.charCodeAt(at) : text[at]
    if (isInString) {
      if (byte === BACKSLASH) at++
      else if (byte === QUOTE) isInString = false
    } else if (byte === QUOTE) isInString = true
    else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
      level++
      if (level > levels) return true
    } else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) level--
  }
  return false
}

/** True of few texts: most have fewer brackets than levels are too many, which takes a tenth of the time to see. */
function hasMoreBrackets(text: string, limit: number): boolean {
  let brackets = 0
  for (const bracket of '[{') {
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) {
      if (++brackets > limit) return true
    }
  }
  return false
}
