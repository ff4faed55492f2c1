/**
 * The message of an event in the format of Keycloak 23 and later: `type="LOGIN_ERROR", realmId="…", …, username="…"`.
 * Keycloak writes `\"` for each quotation mark of a value and does not escape backslashes, so that a value may end with a
 * backslash and the quote after it still ends the value (measured with 26.4.0).
 *
 * So a user's quotation mark is always after a backslash, and `="` with another character than the value's end after it
 * is never a user's: a user can bring `="` about only by ending a value with `", key=`, whose closing quote is followed by
 * the end of the message or by `, `. What begins a field is exactly the rest. A value of a user that is empty, or that
 * begins with `, `, is taken as a part of the value before it; no user chooses the value before it that is read here.
 */
export class QuotedMessage {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  /** A value that Keycloak itself fills: it contains no quotation mark. */
  word(field: Field): string | undefined {
    const start = this.#start(field)
    if (start === -1) return undefined
    const end = this.#text.indexOf('"', start)
    return end === -1 ? undefined : this.#text.slice(start, end)
  }

  /**
   * A value that a user may choose, as it was before Keycloak escaped it.
   *
   * @param limit how much of it is read, in characters as they were written
   */
  text(field: Field, limit = MAX_TEXT_LENGTH): string | undefined {
    const start = this.#start(field)
    if (start === -1) return undefined
    return this.#text.slice(start, this.#end(start, start + limit)).replaceAll('\\"', '"')
  }

  #start(field: Field): number {
    const { first, later } = markers[field]
    if (this.#text.startsWith(first) && beginsField(this.#text, first.length)) return first.length
    for (let at = this.#text.indexOf(later); at !== -1; at = this.#text.indexOf(later, at + 1)) {
      if (beginsField(this.#text, at + later.length)) return at + later.length
    }
    return -1
  }

  /** Before the quote after which the next field begins, or before the last one; at most `last`. */
  #end(start: number, last: number): number {
    const text = this.#text
    let at = text.indexOf('", ', start)
    for (; at !== -1 && at < last; at = text.indexOf('", ', at + 1)) {
      const key = endOfKey(text, at + 3)
      if (text.startsWith('="', key) && beginsField(text, key + 2)) return at
    }
    if (last < text.length) return last
    return text.endsWith('"') ? Math.max(start, text.length - 1) : text.length
  }
}

/** Names that are longer are cut: no more of them is kept. */
const MAX_TEXT_LENGTH = 1_024

/** Fields that are read. */
const fields = [
  'type',
  'operationType',
  'realmId',
  'realmName',
  'clientId',
  'userId',
  'ipAddress',
  'error',
  'auth_method',
  'grant_type',
  'scope',
  'username',
  'impersonator',
  'resourceType',
  'resourcePath',
  'representation',
] as const
export type Field = (typeof fields)[number]

/** How a field begins, as the first one and as a later one. */
const markers = Object.fromEntries(
  fields.map(field => [field, { first: `${field}="`, later: `", ${field}="` }]),
) as Readonly<Record<Field, { readonly first: string; readonly later: string }>>

/** True where what is before this place can be the beginning of a field, and not the end of a user's value. */
function beginsField(text: string, at: number): boolean {
  return at < text.length && !text.startsWith(', ', at)
}

const MAX_KEY_LENGTH = 64

function endOfKey(text: string, start: number): number {
  const last = Math.min(text.length, start + MAX_KEY_LENGTH)
  let at = start
  while (at < last && isOfKey(text.charCodeAt(at))) at++
  return at
}

/** Letters, digits, `_`, `-` and `.`. */
function isOfKey(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 45 && code <= 57 && code !== 47) ||
    code === 95
  )
}
