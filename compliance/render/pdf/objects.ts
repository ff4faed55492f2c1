import { Fault } from '../../../core/errors.ts'

/** A name: `/Type`, without the slash. */
export interface PdfName {
  readonly name: string
}
export interface PdfReference {
  readonly reference: number
}
export interface PdfStream {
  readonly dictionary: PdfDictionary
  /** Where its bytes are in the file. */
  readonly start: number
}
/** A string as its bytes, one character a byte. */
export interface PdfString {
  readonly bytes: string
}
export type PdfDictionary = ReadonlyMap<string, PdfValue>
export type PdfValue =
  | null
  | boolean
  | number
  | PdfName
  | PdfString
  | PdfReference
  | PdfDictionary
  | readonly PdfValue[]
  | PdfStream

/** Arrays and dictionaries in one another; those of Chromium have 5. */
const MAX_DEPTH = 60

const SPACES = new Set(' \n\r\t\f\0')
const DELIMITERS = new Set('()<>[]{}/%')
/** By the code of a character: whether it may be in a word. */
const REGULAR = Array.from({ length: 256 }, (_, code) => {
  const character = String.fromCharCode(code)
  return !(SPACES.has(character) || DELIMITERS.has(character))
})

/** Reads the values of a PDF, and the operators of its pages, from a text with one character a byte. */
export class PdfReader {
  readonly #text: string
  #at: number

  constructor(text: string, at = 0) {
    this.#text = text
    this.#at = at
  }

  get at(): number {
    return this.#at
  }

  /** The next word that is no value: an operator, `obj`, `endobj`; empty at the end or before a value. */
  word(): string {
    this.#skipSpace()
    return this.#regular()
  }

  isAtEnd(): boolean {
    this.#skipSpace()
    return this.#at >= this.#text.length
  }

  /** The next value, or the word that is none. @throws Fault where the text is no PDF */
  next(depth = 0): PdfValue | { readonly word: string } {
    if (depth > MAX_DEPTH) throw new Fault('its objects are nested too deeply')
    this.#skipSpace()
    const two = this.#text.slice(this.#at, this.#at + 2)
    if (two === '<<') return this.#dictionary(depth)
    switch (two[0]) {
      case '/':
        this.#at += 1
        return { name: this.#regular() }
      case '(':
        return { bytes: this.#literal() }
      case '<':
        return { bytes: this.#hexadecimal() }
      case '[':
        return this.#array(depth)
      case undefined:
        throw new Fault('it ends within an object')
      default:
        return this.#plain()
    }
  }

  /** A value, where nothing else may be. */
  value(depth = 0): PdfValue {
    const found = this.next(depth)
    if (isWord(found)) throw new Fault('it has a word where a value has to be')
    return found
  }

  /** Regular characters from here on; none may follow the slash of a name. */
  #regular(): string {
    const start = this.#at
    while (REGULAR[this.#text.charCodeAt(this.#at)]) this.#at += 1
    return this.#text.slice(start, this.#at)
  }

  #skipSpace(): void {
    for (;;) {
      const character = this.#text[this.#at]
      if (character === '%') {
        const end = this.#text.indexOf('\n', this.#at)
        this.#at = end < 0 ? this.#text.length : end
      } else if (character !== undefined && SPACES.has(character)) this.#at += 1
      else return
    }
  }

  #dictionary(depth: number): PdfDictionary {
    this.#at += 2
    const entries = new Map<string, PdfValue>()
    for (;;) {
      this.#skipSpace()
      if (this.#text.startsWith('>>', this.#at)) {
        this.#at += 2
        return entries
      }
      const key = this.value(depth + 1)
      if (!isName(key)) throw new Fault('a dictionary of it has a key that is no name')
      entries.set(key.name, this.value(depth + 1))
    }
  }

  #array(depth: number): PdfValue[] {
    this.#at += 1
    const items: PdfValue[] = []
    for (;;) {
      this.#skipSpace()
      if (this.#text[this.#at] === ']') {
        this.#at += 1
        return items
      }
      items.push(this.value(depth + 1))
    }
  }

  #literal(): string {
    this.#at += 1
    let open = 1
    const start = this.#at
    for (; this.#at < this.#text.length; this.#at += 1) {
      const character = this.#text[this.#at]
      if (character === '\\') this.#at += 1
      else if (character === '(') open += 1
      else if (character === ')') {
        open -= 1
        if (open === 0) {
          this.#at += 1
          return this.#text.slice(start, this.#at - 1)
        }
      }
    }
    throw new Fault('a string of it does not end')
  }

  #hexadecimal(): string {
    const end = this.#text.indexOf('>', this.#at)
    if (end < 0) throw new Fault('a string of it does not end')
    const digits = this.#text.slice(this.#at + 1, end).replace(/[^0-9A-Fa-f]/g, '')
    this.#at = end + 1
    return Buffer.from(digits.length % 2 === 0 ? digits : `${digits}0`, 'hex').toString('latin1')
  }

  /** A number, a reference, a keyword or an operator. */
  #plain(): PdfValue | { readonly word: string } {
    const word = this.#regular()
    if (word === '') throw new Fault(`it has an unexpected character at byte ${this.#at}`)
    if (word in keywords) return keywords[word as keyof typeof keywords]
    if (!NUMBER.test(word)) return { word }
    return this.#reference(word) ?? Number(word)
  }

  /** `12 0 R` is one value. */
  #reference(word: string): PdfReference | undefined {
    if (!WHOLE.test(word)) return undefined
    const found = REFERENCE.exec(this.#text.slice(this.#at, this.#at + 16))
    if (found === null) return undefined
    this.#at += found[0].length
    return { reference: Number(word) }
  }
}

const keywords = { null: null, true: true, false: false } as const
const NUMBER = /^[+-]?(?:\d{1,20}(?:\.\d{0,20})?|\.\d{1,20})$/
const WHOLE = /^\d{1,10}$/
const REFERENCE = /^\s{1,4}\d{1,5}\s{1,4}R(?![A-Za-z0-9])/

export const isWord = (value: unknown): value is { readonly word: string } =>
  typeof value === 'object' && value !== null && 'word' in value
export const isName = (value: unknown): value is PdfName =>
  typeof value === 'object' && value !== null && 'name' in value
export const isReference = (value: unknown): value is PdfReference =>
  typeof value === 'object' && value !== null && 'reference' in value
export const isString = (value: unknown): value is PdfString =>
  typeof value === 'object' && value !== null && 'bytes' in value
export const isStream = (value: unknown): value is PdfStream =>
  typeof value === 'object' && value !== null && 'dictionary' in value
export const isDictionary = (value: unknown): value is PdfDictionary => value instanceof Map
