/** Nouns that are followed by who or what they name. */
const names = setOf(
  'account agent by channel client device email for from host hostname identity member name named owner peer realm sender session tenant user username',
)
/** Nouns that are followed by a secret. */
const secrets = setOf(
  'apikey authorization bearer cookie credential key otp passcode passphrase passwd password pin pwd secret token',
)
/** Between a noun and what it names: `password is …`, `token: Bearer …`, `name set to …`. */
const links = setOf('a an are as be basic called digest equals is of set the to was were')
/** Between two of what is named. */
const conjunctions = setOf('and or')

const ANY_LETTER = /[\p{L}\p{N}]/u
/** `accessToken`, `api-key` and `user_name` are nouns by their last word. */
const BETWEEN_WORDS = /[^A-Za-z]|(?<=[a-z])(?=[A-Z])/
/** No noun is longer, with the punctuation around it. */
const MAX_NOUN = 32

function setOf(words: string): ReadonlySet<string> {
  return new Set(words.split(' '))
}

/** Follows a text word by word, and recognises the words that name someone or something, or may be a secret. */
export class NamedWords {
  /** The next word is one. */
  #isNext = false
  /** The last word was one. */
  #wasLast = false
  /** All that follows is the value of a secret. */
  #isRest = false

  /** Whether the word names something, where those before it were taken in their order. */
  take(token: string): boolean {
    const word = token.length > MAX_NOUN ? '' : lastWordOf(token)
    const isNamed = this.#isRest || this.#isNext || (this.#wasLast && (conjunctions.has(word) || token === '&'))
    const isSecret = isNoun(secrets, word)
    this.#isRest ||= isSecret && token.endsWith(':')
    this.#isNext =
      isSecret || isNoun(names, word) || (isNamed && (token.endsWith(',') || !ANY_LETTER.test(token) || isLink(word)))
    this.#wasLast = isNamed
    return isNamed
  }

  /** The same of a word that is masked for another reason: it may be the first of several that are named. */
  pass(token: string): void {
    this.#isNext = token.endsWith(',') && (this.#isNext || this.#wasLast)
    this.#wasLast = true
  }
}

/** True of a key such as `users` or `deviceTokens`: the keys of an object there may be names. */
export function holdsNames(key: string): boolean {
  const word = lastWordOf(key)
  return word.endsWith('s') && (isNoun(names, word) || isNoun(secrets, word))
}

const isLink = (word: string): boolean => links.has(word) || conjunctions.has(word)

const isNoun = (nouns: ReadonlySet<string>, word: string): boolean =>
  nouns.has(word) || (word.endsWith('s') && nouns.has(word.slice(0, -1)))

/** In lower case, without the punctuation around it. */
function lastWordOf(token: string): string {
  const parts = token.split(BETWEEN_WORDS).filter(part => part !== '')
  return (parts.at(-1) ?? '').toLowerCase()
}
