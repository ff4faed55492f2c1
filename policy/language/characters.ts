import type { Span } from '../model/policy.ts'
import type { LanguageProblem } from './problem-kinds.ts'

/** Hyphens and dashes of typography: U+2010 to U+2015, and the minus sign. */
const HYPHENS = /[\u2010-\u2015\u2212]/g
/** White space other than a space, a tab and line ends. */
const SPACES = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g
/** They change the order in which a text is shown. */
const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu
const CONTROL = /[\p{Cc}--[\t\n\r]]|[\u2028\u2029\ufffd]|\r(?!\n)/gv
const NOT_ASCII = /[\u0080-\uffff]/

/** A source without characters that only look like those of the language. Every place in it is the same as in the source. */
export interface CheckedText {
  readonly text: string
  readonly problems: readonly LanguageProblem[]
}

/**
 * Reads hyphens and white space of typography as plain ones, as texts copied from pages and word processors have them.
 * Characters that a reader does not see, or sees elsewhere than they are, are errors wherever they are.
 */
export function checkedText(source: string): CheckedText {
  const problems: LanguageProblem[] = []
  const refuse = (characters: RegExp, what: string) => {
    for (const { 0: character, index } of source.matchAll(characters)) {
      if (problems.length >= MAX_PROBLEMS) return
      const at = { from: index, to: index + character.length }
      const message = `${codePoint(character)} is ${what}; remove it`
      problems.push({ kind: 'invisible-character', level: 'error', message, at, suggestion: '' })
    }
  }
  refuse(CONTROL, 'a control character, or no text in UTF-8')
  if (!NOT_ASCII.test(source)) return { text: source, problems }
  refuse(BIDI, 'a control character of bidirectional text, which shows what follows in another order than it is read')
  return {
    text: source
      .replace(/^\ufeff/, ' ')
      .replace(SPACES, ' ')
      .replace(HYPHENS, '-'),
    problems,
  }
}

/** More are of no use to a reader. */
export const MAX_PROBLEMS = 100

/** `U+200B`. */
export const codePoint = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`

/** Letters and signs of other scripts that look like a character of ASCII in most typefaces, and that character. */
const LOOKALIKES: ReadonlyMap<string, string> = new Map(
  [
    ['асԁеһіјӏорԛѕԝхуАВСЕНІЈКМОРЅТХУ', 'acdehijlopqswxyABCEHIJKMOPSTXY'],
    ['αικνορυχγΑΒΕΖΗΙΚΜΝΟΡΤΥΧ', 'aikvopuxyABEZHIKMNOPTYX'],
    ['ıɑɡʟօոսհⅼⅰⅽⅾⅿ', 'iaglonuhlicdm'],
    ['⁎∗⁄∕꞉∶․。⹀＿', '**//::..=_'],
  ].flatMap(([others = '', plain = '']) =>
    [...others].map((other, index): [string, string] => [other, plain.charAt(index)]),
  ),
)

/** Full-width forms and mathematical letters. */
const folded = (character: string): string | undefined => {
  const known = LOOKALIKES.get(character)
  if (known !== undefined) return known
  const plain = character.normalize('NFKC')
  return plain !== character && /^[\x21-\x7e]+$/.test(plain) ? plain : undefined
}

/** The same word in characters of ASCII, where each other one is invisible or looks like one. */
export function asciiForm(word: string): string {
  return [...word.replace(INVISIBLE, '')].map(character => folded(character) ?? character).join('')
}

/** The first letter that looks like one of ASCII, in a word that a reader takes for one in characters of ASCII. */
export function lookalikeIn(word: string): string | undefined {
  if (isAscii(word)) return undefined
  const odd = [...word].find(character => folded(character) !== undefined)
  return odd !== undefined && (/[A-Za-z]/.test(word) || isAscii(asciiForm(word))) ? odd : undefined
}

const isAscii = (word: string): boolean => !NOT_ASCII.test(word)

/**
 * What is odd about the characters of a name. Names are compared as they are written: a letter that looks like another one
 * is never equal to it, so it must be visible to who reads the policy.
 */
export function oddCharacters(word: string, at: Span, what: string): LanguageProblem | undefined {
  if (isAscii(word)) return undefined
  const plain = asciiForm(word)
  const suggestion = plain === word ? {} : { suggestion: plain }
  const hidden = word.match(INVISIBLE)?.[0]
  if (hidden !== undefined) {
    const message = `${what} contains the invisible character ${codePoint(hidden)}; remove it`
    return { kind: 'invisible-character', level: 'error', message, at, ...suggestion }
  }
  const odd = [...word].find(character => folded(character) !== undefined)
  if (odd !== undefined) {
    const isMixed = lookalikeIn(word) !== undefined
    const message = `${what} contains ${codePoint(odd)}, which looks like "${folded(odd)}" and is not equal to it; write the plain character`
    return { kind: 'lookalike', level: isMixed ? 'error' : 'warning', message, at, ...suggestion }
  }
  if (word.normalize('NFC') !== word) {
    const message = `${what} has letters with separate accents, which other programs write as one character; write it in Unicode form NFC`
    return { kind: 'lookalike', level: 'error', message, at, suggestion: word.normalize('NFC') }
  }
  if (/[A-Za-z]/.test(word) && /[\p{L}--\p{Script=Latin}]/v.test(word)) {
    const other = word.match(/[\p{L}--\p{Script=Latin}]/v)?.[0] ?? ''
    const message = `${what} mixes letters of two scripts: ${codePoint(other)} is not a Latin letter; check that it is meant`
    return { kind: 'lookalike', level: 'warning', message, at }
  }
  return undefined
}
