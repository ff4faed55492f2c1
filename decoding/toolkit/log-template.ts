import { isObject } from '../../core/json.ts'
import type { Fields } from './fields.ts'
import { holdsNames, NamedWords } from './named-words.ts'

/**
 * The log template of a record: its constant words, with `<*>` for each run of what varies, as in the miners of log
 * templates (Drain, He et al. 2017). Here the words that are kept are chosen and not those that are masked, so that what
 * no rule expects is masked: a template is shown to people and reported to others. A secret that is a plain word in the
 * middle of a sentence cannot be distinguished from the sentence.
 */

const MASK = '<*>'

/** Longest template, in UTF-16 units. */
const MAX_TEMPLATE = 200
/** As much of a text is read: a message says at its beginning what it is about. */
const MAX_TEXT = 400
const MAX_WORDS = 32
const MAX_KEYS = 40

/** Longest word that is kept: no token, key or hash is that short. */
const MAX_WORD = 16
const WORD = /^[a-z]{1,16}$/
const PAIR_OF_WORDS = /^[a-z]{2,14}-[a-z]{2,14}$/
const FIRST_WORD = /^[A-Z]?[a-z]{1,15}$/
/** What English does not have: random letters. */
const CONSONANTS = /[bcdfghjklmnpqrstvwxz]{5}/
const HEX = /^[a-f]{6,16}$/
/** Signs that stand alone. */
const SIGN = /^[⇄✓✗→=>|&+*/-]{1,3}$/
const QUOTE = /["'`“”‘’«»]/
const OPENING = '([{<'
const CLOSING = ')]}>.,;:!?…'
const KEY = /^([a-z][A-Za-z_.-]{1,40})=([^=])/
/** Most words of a name, as in `retryAfterMs` and `retry_after_ms`. */
const MAX_PARTS = 5
/** Words of a sentence that end with a colon before what varies begins. */
const PREFIX_WORDS = 3

/** The template of a message. */
export function templateOfText(text: string): string {
  const masked = new Masked()
  let closing: string | undefined
  let isValue = false
  const named = new NamedWords()
  const beginning = text.slice(0, MAX_TEXT)
  const hasQuotes = QUOTE.test(beginning)
  const tokens = beginning.split(/\s/, MAX_WORDS)
  // The beginning of a token may look like a word.
  if (text.length > MAX_TEXT && tokens.length < MAX_WORDS) tokens.pop()
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] as string
    if (token === '') continue
    const opened = closing ?? (hasQuotes ? quoteIn(token) : undefined)
    if (opened !== undefined) {
      masked.mask()
      closing = isClosed(token, opened, closing !== undefined) ? undefined : opened
      named.pass(token)
      continue
    }
    const key = token.includes('=') ? keyIn(token) : undefined
    if (key !== undefined) {
      masked.add(`${key}=${MASK}`)
      isValue = true
      continue
    }
    const isNamed = named.take(token)
    const word = isValue || isNamed ? undefined : wordOf(token, index === 0)
    if (word === undefined) masked.mask()
    else masked.add(word)
    if (isNamed) closing = openedIn(token)
    isValue ||= token === '=' || (token.endsWith(':') && index >= PREFIX_WORDS)
  }
  return masked.text
}

/**
 * The template of a JSON object: its keys in their order, those of objects in it too.
 *
 * @param kinds names of fields in which the program says what kind of record it is, in words of its own
 */
export function templateOfFields(fields: Fields, kinds: readonly string[] = []): string {
  const masked = new Masked()
  let left = MAX_KEYS
  for (const key in fields) {
    if (left-- === 0) break
    const value = fields[key]
    const name = keyOf(key)
    if (name === undefined) masked.mask()
    else if (kinds.includes(key)) masked.add(`${name}=${kindOf(value)}`)
    else if (Array.isArray(value)) masked.add(`${name}[]`)
    else if (isObject(value)) masked.add(`${name}{${holdsNames(name) ? MASK : innerKeys(value)}}`)
    else masked.add(name)
  }
  return masked.text
}

function innerKeys(fields: Fields): string {
  const names: string[] = []
  for (const key in fields) {
    if (names.length === MAX_KEYS) break
    const name = keyOf(key) ?? MASK
    if (name !== MASK || names.at(-1) !== MASK) names.push(name)
  }
  return names.join(' ')
}

/** `camelCase`, and `snake_case` or `dotted.names`: what mixes both is no name of a program. */
const CAMEL = /^[a-z][A-Za-z]{0,15}$/
const SNAKE = /^[a-z]{1,16}(?:[._-][a-z]{1,16})?(?:[._-][a-z]{1,16})?(?:[._-][a-z]{1,16})?$/

/** A key in words, which a program has: others may be names of users. */
const keyOf = (key: string): string | undefined =>
  (CAMEL.test(key) || SNAKE.test(key)) && areWords(key) ? key : undefined

const KIND = /^[a-z._]{1,60}$/

function kindOf(value: unknown): string {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 100_000) return String(value)
  return typeof value === 'string' && KIND.test(value) && areWords(value) ? value : MASK
}

/** The key of `key=value`. What encodings of bytes end with is none. */
function keyIn(token: string): string | undefined {
  const key = KEY.exec(token)?.[1]
  return key !== undefined && areWords(key) ? key : undefined
}

/** The words of `snake_case`, `camelCase` or `dotted.names`. */
function areWords(name: string): boolean {
  const parts = name.split(/[_.-]|(?=[A-Z])/)
  return parts.length <= MAX_PARTS && parts.every(part => part.length > 1 && isPlain(part.toLowerCase()))
}

const isPlain = (word: string): boolean => WORD.test(word) && !CONSONANTS.test(word) && !HEX.test(word)

/** A word with the punctuation around it. */
function wordOf(token: string, isFirst: boolean): string | undefined {
  if (SIGN.test(token)) return token
  // An IPv6 address of letters, such as dead::
  if (token.includes('::')) return undefined
  let start = 0
  let end = token.length
  while (start < end && start < 2 && OPENING.includes(token[start] as string)) start++
  while (end > start && token.length - end < 3 && CLOSING.includes(token[end - 1] as string)) end--
  const core = token.slice(start, end)
  if (core.length === 0 || core.length > MAX_WORD) return undefined
  const isWord = isFirst && FIRST_WORD.test(core) ? isPlain(core.toLowerCase()) : isPlain(core)
  return isWord || (PAIR_OF_WORDS.test(core) && core.split('-').every(isPlain)) ? token : undefined
}

/** The quotation mark with which a text begins in this token. An apostrophe within a word is none. */
function quoteIn(token: string): string | undefined {
  for (let index = 0; index < token.length; index++) {
    const sign = token[index] as string
    if (!QUOTE.test(sign)) continue
    const isApostrophe = (sign === "'" || sign === '’') && /^[A-Za-z]$/.test(token[index - 1] ?? '')
    if (!isApostrophe) return partner(sign)
  }
  return undefined
}

/** The bracket that closes what is named, where this token opens one and does not close it. */
function openedIn(token: string): string | undefined {
  const sign = token[0] as string
  return OPENING.includes(sign) && !token.includes(partner(sign)) ? partner(sign) : undefined
}

const partners: Readonly<Record<string, string>> = {
  '“': '”',
  '‘': '’',
  '«': '»',
  '(': ')',
  '[': ']',
  '{': '}',
  '<': '>',
}
const partner = (sign: string): string => partners[sign] ?? sign

/** Whether the text that a quotation mark opened ends in this token. */
function isClosed(token: string, closing: string, wasOpen: boolean): boolean {
  const last = token.lastIndexOf(closing)
  if (last === -1) return false
  return wasOpen || last > token.search(QUOTE)
}

/** Texts with one mask in the place of several. */
class Masked {
  readonly #parts: string[] = []

  mask(): void {
    if (this.#parts.at(-1)?.endsWith(MASK) !== true) this.#parts.push(MASK)
  }

  add(part: string): void {
    this.#parts.push(part)
  }

  get text(): string {
    const text = this.#parts.join(' ')
    return text.length <= MAX_TEMPLATE ? text : `${text.slice(0, MAX_TEMPLATE - 1)}…`
  }
}
