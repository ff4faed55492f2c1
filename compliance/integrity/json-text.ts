import { Fault } from '../../core/errors.ts'

/** Larger than any report: what JSON holds takes many times its bytes in memory. */
const MOST_BYTES = 16 * 1024 * 1024
/** Deeper than any report, and shallow enough for every function that walks through it. */
const MOST_DEPTH = 64

/**
 * JSON that anyone may have written: UTF-8, bounded in bytes and depth.
 *
 * @throws Fault that says where it is none
 */
export function readJson(bytes: Uint8Array): unknown {
  if (bytes.byteLength > MOST_BYTES) throw new Fault(`it is larger than ${MOST_BYTES / 1024 / 1024} MiB`)
  const text = readText(bytes)
  refuseDeep(text)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Fault(`it is not JSON${placeOf(error, text)}`, { cause: error })
  }
}

/** @throws Fault unless it is UTF-8 */
export function readText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new Fault('it is not text in UTF-8', { cause })
  }
}

function refuseDeep(text: string): void {
  let depth = 0
  let isInString = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (isInString) {
      if (character === '\\') at++
      else if (character === '"') isInString = false
    } else if (character === '"') isInString = true
    else if (character === '{' || character === '[') {
      if (++depth > MOST_DEPTH) throw new Fault(`it is nested more than ${MOST_DEPTH} deep`)
    } else if (character === '}' || character === ']') depth--
  }
}

/** V8 says the position in its message, of which nothing but that number is used. */
function placeOf(error: unknown, text: string): string {
  const [, position] = /at position (\d{1,10})/.exec((error as Error).message) ?? []
  if (position === undefined) return ''
  const before = text.slice(0, Number(position)).split('\n')
  return ` at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
}
