import { domainToASCII } from 'node:url'
import { nearest } from '../../core/config/sentence.ts'
import type { PortRange, Span, Term } from '../model/policy.ts'
import { bareWord } from './address-words.ts'
import { oddCharacters } from './characters.ts'
import { type Problems, shown } from './problems.ts'
import type { Item, Word } from './statement.ts'

/** Attributes of an end, each with what it is read to. */
const attributes = {
  'service-identity': (value, problems) => {
    const name = patternWord(value, 'this identity', problems)
    return name === undefined ? undefined : { kind: 'service-identity', name }
  },
  zone: (value, problems) => ({ kind: 'zone', zone: nameWord(value, problems) }),
  list: (value, problems) => ({ kind: 'list', list: nameWord(value, problems) }),
  namespace: (value, problems) => {
    const name = exactWord(value, 'this namespace', problems)
    return name === undefined ? undefined : { kind: 'namespace', name }
  },
} as const satisfies Record<string, (value: Word, problems: Problems) => Meaning | undefined>

type Meaning<T = Term> = T extends unknown ? Omit<T, 'at'> : never

const isAttribute = (word: string): word is keyof typeof attributes => Object.hasOwn(attributes, word)
const knownAttributes = [...Object.keys(attributes), 'label:KEY']

/** A term of `from`, `to` or `members`; undefined if it is wrong, which is a problem then. */
export function readTerm(item: Item, problems: Problems): Term | undefined {
  const at = spanOf(item)
  const meaning =
    item.attribute === undefined ? readBare(item.value, problems) : readEqual(item.attribute, item.value, problems)
  return meaning === undefined ? undefined : ({ ...meaning, at } as Term)
}

export const spanOf = ({ attribute, value }: Item): Span => ({ from: (attribute ?? value).from, to: value.to })

function readEqual(attribute: Word, value: Word, problems: Problems): Meaning | undefined {
  const { text } = attribute
  if (isAttribute(text)) return attributes[text](value, problems)
  if (text.startsWith('label:')) {
    const label = text.slice('label:'.length)
    if (label === '')
      problems.error('unknown-attribute', attribute, 'label: has no key; write for instance label:app=api')
    problems.add(oddCharacters(label, attribute, 'this label'))
    const written = exactWord(value, 'the value of this label', problems)
    return written === undefined || label === '' ? undefined : { kind: 'label', label, value: written }
  }
  const meant = nearest(text, Object.keys(attributes))
  const known = `known are ${knownAttributes.join(', ')}`
  const hint = hints[text] ?? (meant === undefined ? known : `did you mean "${meant}"?`)
  problems.error('unknown-attribute', attribute, `${shown(text)} is no attribute of an end; ${hint}`, meant)
  return undefined
}

/** What other languages have. */
const hints: Readonly<Record<string, string>> = {
  host: 'write the host name alone, without host=',
  cidr: 'write the network alone, without cidr=',
  ip: 'write the address alone, without ip=',
  network: 'write the network alone, without network=; network= is a condition',
  address: 'write the address alone, without address=',
  label: 'write the key behind a colon, as in label:app=api',
  'device-posture': 'it is a condition; write it in condition',
  time: 'it is a condition; write it in condition',
  weekday: 'it is a condition; write it in condition',
  authentication: 'it is a condition; write it in condition',
  port: 'write the port behind the destination, as in api.openclaw.local:443',
}

function readBare(value: Word, problems: Problems): Meaning | undefined {
  const text = unbracketed(value.text)
  if (text === 'any') return { kind: 'any' }
  if (/[^\x21-\x7e]/.test(text)) {
    const odd = oddCharacters(text, value, 'this host name')
    if (odd?.level === 'error') problems.add(odd)
    else {
      const ascii = domainToASCII(text)
      const message = `${shown(text)} has characters that a host name has not; write it in the form of DNS (IDNA)`
      problems.error('not-a-host', value, message, ascii === '' ? undefined : ascii)
    }
    return undefined
  }
  const found = bareWord(text)
  if (found.kind !== 'wrong') return found
  problems.error('not-a-host', value, `${shown(text)} ${found.message}`, found.suggestion)
  return undefined
}

const unbracketed = (text: string): string => /^\[([^[\]]*)\]$/.exec(text)?.[1] ?? text

const PATTERN_CHARACTERS = 253

/** A text that is compared as it is. */
function exactWord(value: Word, what: string, problems: Problems): string | undefined {
  const text = patternWord(value, what, problems)
  if (text === undefined || !text.endsWith('*')) return text
  problems.error('pattern', value, `${what} ends with a star, which only service identities may; write it in full`)
  return undefined
}

/** The same, or a beginning and a star. */
export function patternWord(value: Word, what: string, problems: Problems): string | undefined {
  const { text } = value
  if (text.length > PATTERN_CHARACTERS) {
    problems.error('too-long', value, `${what} is longer than ${PATTERN_CHARACTERS} characters`)
    return undefined
  }
  const odd = oddCharacters(text, value, what)
  problems.add(odd)
  if (odd?.level === 'error') return undefined
  const star = text.indexOf('*')
  if (star === -1 || star === text.length - 1) return text
  problems.error('pattern', value, `${what} has a star in another place than at its end, as in hunter-*`)
  return undefined
}

const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/

/** The name of a policy, zone, list, rule or role. */
export function nameWord(word: Word, problems: Problems): string {
  const odd = oddCharacters(word.text, word, 'this name')
  if (odd !== undefined) problems.add({ ...odd, level: 'error' })
  else if (!NAME.test(word.text)) {
    const meant = word.text
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '')
      .slice(0, 63)
    const message = `${shown(word.text)} is no name; a name has letters, digits, hyphens, dots and underscores, at most 63, and begins and ends with a letter or digit`
    problems.error('not-a-name', word, message, NAME.test(meant) ? meant : undefined)
  }
  return word.text
}

const PORTS = /^(.{0,400}[^:]):(\d{1,10})(?:-(\d{1,10}))?$/s
const MAX_PORT = 65_535
/** An IPv6 address whose end may be meant as a port. */
const UNBRACKETED = /^([\da-f:]{2,40}):(\d{2,5})$/i

/** The ports behind a destination, and the item without them. */
export function splitPorts(
  item: Item,
  problems: Problems,
): { readonly item: Item; readonly ports: readonly PortRange[] } {
  const { value } = item
  const found = item.attribute === undefined && isWholeAddress(value.text) ? null : PORTS.exec(value.text)
  if (found === null) {
    if (/^.*:\*$/.test(value.text)) {
      problems.error(
        'port',
        value,
        'a star is no port; leave it out for the default port of the protocol, or write :1-65535',
        `${value.text.slice(0, -1)}1-65535`,
      )
    }
    const [, address = '', port = ''] = UNBRACKETED.exec(item.attribute === undefined ? value.text : '') ?? []
    if (port !== '' && Number(port) <= MAX_PORT) {
      const message = `${shown(value.text)} is read as an address without a port; write [${address}]:${port}, or [${value.text}] if that is meant`
      problems.warning('port-like-address', value, message, `[${address}]:${port}`)
    }
    return { item, ports: [] }
  }
  const [, rest = '', first = '', last = first] = found
  const place = { from: value.from + rest.length + 1, to: value.to }
  const bare = { ...item, value: { from: value.from, to: value.from + rest.length, text: rest } }
  const range = { first: Number(first), last: Number(last) }
  if (range.first < 1 || range.first > MAX_PORT || range.last < 1 || range.last > MAX_PORT) {
    problems.error('port', place, `${shown(value.text.slice(rest.length + 1))} is no port; a port is 1 to ${MAX_PORT}`)
    return { item: bare, ports: [] }
  }
  if (range.first > range.last) {
    problems.error('port', place, `the range of ports ${first}-${last} ends before it begins`, `${last}-${first}`)
    return { item: bare, ports: [] }
  }
  return { item: bare, ports: [range] }
}

/** An IPv6 address without brackets has colons of its own. */
const isWholeAddress = (text: string): boolean => !text.startsWith('[') && text.split(':', 3).length > 2
