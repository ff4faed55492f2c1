import { nearest } from '../../core/config/sentence.ts'
import { asciiForm } from './characters.ts'
import type { LanguageProblem } from './problem-kinds.ts'
import { blocks, isKeyword, isPropertyKey, keywords, properties, propertyKeys } from './vocabulary.ts'

/** What the reader of a line meets at the place of its error. */
interface Place {
  /** The line up to the error, without comments and white space at its end. */
  readonly before: string
  /** The word, comma or equals sign at the error; empty at the end of the line. */
  readonly word: string
  readonly first: string
  /** The last key before the error. */
  readonly key: string | undefined
}

interface Explanation {
  readonly is: (place: Place) => boolean
  readonly message: (place: Place) => string
  readonly suggestion?: (place: Place) => string | undefined
}

/**
 * What is wrong with a line that the grammar does not have, and what to write; undefined without an error.
 *
 * @param error the offset at which the parser found it
 */
export function explainLine(line: string, error: number | undefined): LanguageProblem | undefined {
  if (error === undefined) return undefined
  const begin = /^[ \t]*/.exec(line)?.[0].length ?? 0
  const first = /^[^ \t\r\n,=#][^ \t\r\n,=]*|^[,=]/.exec(line.slice(begin))?.[0] ?? ''
  // The first word decides what a line is; where it is unknown, the parser reports what it did about that.
  const start = isKnownFirst(first) ? wordStart(line, Math.max(error, begin)) : begin
  const before = line.slice(0, start).trimEnd()
  const word = /^[^ \t\r\n,=#][^ \t\r\n,=]*|^[,=]/.exec(line.slice(start))?.[0] ?? ''
  const place: Place = { before, word, first, key: lastKey(before) }
  const found = explanations.find(({ is }) => is(place)) ?? unexpected
  const suggestion = found.suggestion?.(place)
  const at = word === '' ? { from: before.length, to: before.length } : { from: start, to: start + word.length }
  return {
    kind: 'syntax',
    level: 'error',
    message: found.message(place),
    at,
    ...(suggestion === undefined ? {} : { suggestion }),
  }
}

const isKnownFirst = (first: string): boolean => isKeyword(first) || isPropertyKey(first.replace(/:$/, ''))

/** The begin of the word in which an offset is, or of the next one. */
function wordStart(line: string, offset: number): number {
  let at = Math.min(offset, line.length)
  while (at < line.length && /[ \t\r\n]/.test(line.charAt(at))) at += 1
  if (line.charAt(at) === '#') return offset
  while (at > 0 && /[^ \t\r\n,=]/.test(line.charAt(at)) && /[^ \t\r\n,=]/.test(line.charAt(at - 1))) at -= 1
  return at
}

const KEY = /(?:^|[ \t])([a-z-]+):?(?=[ \t]|$)/g

const lastKey = (before: string): string | undefined =>
  [...before.matchAll(KEY)].map(([, word = '']) => word).findLast(isPropertyKey)

const MAX_SHOWN = 60

const cut = (word: string): string => (word.length > MAX_SHOWN ? `${word.slice(0, MAX_SHOWN)}…` : word)

const exampleOf = (key: string | undefined): string =>
  key !== undefined && isPropertyKey(key) ? `${key}: ${properties[key].example}` : 'key: value'

/** What a word at the begin of a line, or before a colon, is meant to be. */
function meant(word: string): string | undefined {
  if (word.length > MAX_SHOWN) return undefined
  const bare = asciiForm(word).replace(/:.*$/, '').toLowerCase()
  const known = nearest(bare, [...keywords, ...propertyKeys])
  if (known === undefined) return undefined
  return isKeyword(known) ? known : `${known}:`
}

const isKeyWithValue = (word: string): boolean => {
  const colon = word.indexOf(':')
  return colon > 0 && colon < word.length - 1 && isPropertyKey(word.slice(0, colon))
}

const JOINS: Readonly<Record<string, string>> = {
  or: ',',
  '|': ',',
  '||': ',',
  ';': ',',
  '&': 'and',
  '&&': 'and',
  '+': 'and',
}

/** The first that fits. */
const explanations: readonly Explanation[] = [
  {
    is: ({ word, before }) => before === '' && /^(?:deny|block|drop|reject|forbid)s?:?$/i.test(word),
    message: ({ word }) =>
      `there are only allow rules, and what no rule allows is denied; remove ${cut(word)}, or narrow the rule that allows it`,
  },
  {
    is: ({ word, before }) => before === '' && isKeyword(word.replace(/:$/, '').toLowerCase()),
    message: ({ word }) => `a block begins with its keyword in lower case and without a colon, not with ${cut(word)}`,
    suggestion: ({ word }) => word.replace(/:$/, '').toLowerCase(),
  },
  {
    is: ({ word }) => word.startsWith('[') && !word.includes(']'),
    message: () => 'this bracket is not closed; close it with ] on the same line',
  },
  {
    is: ({ word }) => /^\[[^\]]{0,253}\[/.test(word),
    message: () => 'brackets cannot be in brackets; remove the inner ones',
  },
  {
    is: ({ word }) => isKeyWithValue(word),
    message: ({ word }) => `${word.slice(0, word.indexOf(':') + 1)} has no space after its colon; write one`,
    suggestion: ({ word }) => word.replace(':', ': '),
  },
  {
    is: ({ word, before }) => before === '' && word !== ',' && word !== '=',
    message: ({ word }) => {
      const known = meant(word)
      const hint =
        known === undefined ? `a line begins with ${keywords.join(', ')} or a key` : `did you mean "${known}"?`
      return `${cut(word)} is no keyword and no key; ${hint}`
    },
    suggestion: ({ word }) => meant(word),
  },
  {
    is: ({ first, before, word }) =>
      isKeyword(first) && before === first && (word === '' || isPropertyKey(word.replace(/:$/, ''))),
    message: ({ first }) =>
      first === 'expect'
        ? 'expect needs an answer; write expect allow, expect deny or expect unknown'
        : `${first} needs a name; write it after the keyword`,
  },
  {
    // The key was read as the name.
    is: ({ first, before }) =>
      isKeyword(first) &&
      blocks[first].name === 'required' &&
      isPropertyKey(/^\S+[ \t]+([a-z-]{1,20}):$/.exec(before)?.[1] ?? ''),
    message: ({ first }) => `${first} needs a name; write it after the keyword`,
  },
  {
    is: ({ word }) => Object.hasOwn(JOINS, word.toLowerCase()),
    message: ({ word }) =>
      JOINS[word.toLowerCase()] === 'and'
        ? `${word} is not a word of the language; write "and" between what must all hold`
        : `${word} is not a word of the language; write a comma between alternatives`,
    suggestion: ({ word }) => JOINS[word.toLowerCase()],
  },
  {
    is: ({ word, before }) =>
      /^(?:not|!.*|except)$/i.test(word) ||
      /[ \t](?:not|!|except)$/i.test(before) ||
      (word === '=' && /[!<>~]$/.test(before)),
    message: () => 'there is no negation in an allow-list; name what is allowed',
  },
  {
    is: ({ word, before }) => word === '=' && before.endsWith('='),
    message: () => 'an attribute is compared with one "="',
    suggestion: () => '',
  },
  {
    is: ({ word, before }) => word === '=' && /,[^,=]*$/.test(before),
    message: () => 'a comma separates values of one condition; write "and" between conditions',
  },
  {
    is: ({ before, word }) => before.endsWith('=') && (word === '' || word === ','),
    message: ({ before }) =>
      `${cut(/[^ \t,=]{0,60}=$/.exec(before)?.[0] ?? '=')} has no value; write it after the equals sign`,
  },
  {
    is: ({ before }) => /(?:,|[ \t]and)$/.test(before),
    message: ({ before, word }) => {
      const what = before.endsWith(',') ? 'a comma' : '"and"'
      return word === ''
        ? `nothing follows ${what}; remove it, or continue in the next line`
        : `${what} is followed by ${cut(word)}; write a value between them`
    },
  },
  {
    is: ({ key, word }) => key === 'condition' && word !== '=',
    message: ({ word }) =>
      `a condition is an attribute, "=" and a value, such as device-posture=trusted; ${word === '' ? 'the last one is not complete' : `${cut(word)} is none`}`,
  },
  {
    is: ({ before, key, word }) =>
      key !== undefined &&
      new RegExp(`(?:^|[ \\t])${key}:?$`).test(before) &&
      (word === '' || word === ',' || word === '='),
    message: ({ key }) => `${key} has no value; write for instance ${exampleOf(key)}`,
  },
  {
    is: ({ key, word }) =>
      key !== undefined &&
      (key === 'owner' || key === 'expires' || key === 'time-zone' || key === 'identity-label') &&
      word !== '',
    message: ({ key, word }) => `${key} has one word as its value; ${cut(word)} is more than that`,
  },
  {
    is: ({ word }) => /:$/.test(word) && meant(word) !== undefined,
    message: ({ word }) => `${cut(word)} is no key; did you mean "${meant(word)}"?`,
    suggestion: ({ word }) => meant(word),
  },
  {
    is: ({ key, word }) => key !== undefined && word !== '' && word !== '=' && word !== ',',
    message: ({ key, word }) =>
      `${cut(word)} is not expected here; separate alternatives of ${key} with a comma${key === 'from' || key === 'to' || key === 'members' ? ', and join what must all hold with "and"' : ''}`,
  },
  {
    is: ({ key, first, word }) => key === undefined && isKeyword(first) && word !== '' && word !== '=' && word !== ',',
    message: ({ first, word }) =>
      `${cut(word)} is not expected after the name of ${first}; a name is one word, and a property is key: value`,
    suggestion: ({ word }) => meant(word),
  },
]

const unexpected: Explanation = {
  is: () => true,
  message: ({ word, first }) => {
    const what = word === '' ? 'this line is not complete' : `"${cut(word)}" is not expected here`
    const form = isKeyword(first)
      ? `${first}${blocks[first].name === 'required' ? ' NAME' : ''}`
      : exampleOf(first.replace(/:$/, ''))
    return `${what}; write for instance ${form}`
  },
}
