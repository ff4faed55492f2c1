import { domainToASCII } from 'node:url'
import { nearest } from '../../core/config/sentence.ts'
import { POLICY_NAME, type PortRange, type Span, type Term } from '../model/policy.ts'
import { ANY, bareWord } from './address-words.ts'
import { oddCharacters } from './characters.ts'
import { type Problems, shown } from './problems.ts'
import type { Item, Word } from './statement.ts'
import { isPropertyKey } from './vocabulary.ts'

type ReadValue = (value: Word, at: Span, problems: Problems) => Term | undefined

/** Attributes of an end, each with what its value is read to. */
const attributes: Readonly<Record<string, ReadValue>> = {
  'service-identity': (value, at, problems) => {
    const name = patternWord(value, 'this identity', problems)
    return name === undefined ? undefined : { kind: 'service-identity', name, at }
  },
  zone: (value, at, problems) => ({ kind: 'zone', zone: nameWord(value, problems), at }),
  list: (value, at, problems) => ({ kind: 'list', list: nameWord(value, problems), at }),
  namespace: (value, at, problems) => {
    const name = exactWord(value, 'this namespace', problems)
    return name === undefined ? undefined : { kind: 'namespace', name, at }
  },
}

const knownAttributes = [...Object.keys(attributes), 'label:KEY']

/** A term of `from`, `to` or `members`; undefined if it is wrong, which is a problem then. */
export function readTerm(item: Item, problems: Problems): Term | undefined {
  const { attribute, value } = item
  return attribute === undefined
    ? readBare(value, problems)
    : readEqual(attribute, value, { from: attribute.from, to: value.to }, problems)
}

export const spanOf = ({ attribute, value }: Item): Span => ({ from: (attribute ?? value).from, to: value.to })

function readEqual(attribute: Word, value: Word, at: Span, problems: Problems): Term | undefined {
  const { text } = attribute
  if (Object.hasOwn(attributes, text)) return attributes[text]?.(value, at, problems)
  if (text.startsWith('label:')) {
    const label = text.slice('label:'.length)
    if (label === '')
      problems.error('unknown-attribute', attribute, 'label: has no key; write for instance label:app=api')
    problems.add(oddCharacters(label, attribute, 'this label'))
    const written = exactWord(value, 'the value of this label', problems)
    return written === undefined || label === '' ? undefined : { kind: 'label', label, value: written, at }
  }
  const meant = Object.hasOwn(hints, text) ? undefined : nearest(text, Object.keys(attributes))
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

function readBare(value: Word, problems: Problems): Term | undefined {
  const text = unbracketed(value.text)
  const at = { from: value.from, to: value.to }
  if (text === ANY) return { kind: 'any', at }
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
  const port = PORT_OF_HOST.exec(text)
  if (port !== null) {
    const message = `${shown(text)} has a port, which only a destination has; write the name alone`
    problems.error('port', value, message, port[1])
    return undefined
  }
  const found = bareWord(text)
  if (found.kind === 'network') return { kind: 'network', cidr: found.cidr, at }
  if (found.kind === 'host') return { kind: 'host', name: found.name, at }
  problems.error('not-a-host', value, `${shown(text)} ${found.message}`, found.suggestion)
  return undefined
}

/** A host, an IPv4 address, or an IPv6 address in brackets, with a port. */
const PORT_OF_HOST = /^(\[[\da-f:]{2,45}\]|[^:[\]]{1,253}):\d{1,5}(?:-\d{1,5})?$/i

/** Brackets make any text a word: an address with colons, an identity with commas or white space. */
const unbracketed = (text: string): string => (text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text)

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
  const text = unbracketed(value.text)
  if (text === '') {
    problems.error('empty', value, `${what} is empty; write it between the brackets`)
    return undefined
  }
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

/** The name of a policy, zone, list, rule or role. */
export function nameWord(word: Word, problems: Problems): string {
  const odd = oddCharacters(word.text, word, 'this name')
  const [key = '', value = ''] = word.text.split(':', 2)
  if (odd !== undefined) problems.add({ ...odd, level: 'error' })
  else if (value !== '' && isPropertyKey(key)) {
    problems.error('syntax', word, `${key}: has no space after its colon; write one`, word.text.replace(':', ': '))
  } else if (!POLICY_NAME.test(word.text)) {
    const meant = word.text
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '')
      .slice(0, 63)
    const message = `${shown(word.text)} is no name; a name has letters, digits, hyphens, dots and underscores, at most 63, and begins and ends with a letter or digit`
    problems.error('not-a-name', word, message, POLICY_NAME.test(meant) ? meant : undefined)
  }
  return word.text
}

const PORTS = /^(\d{1,10})(?:-(\d{1,10}))?$/
const MAX_PORT = 65_535
/** An IPv6 address whose end may be meant as a port. */
const UNBRACKETED = /^([\da-f:]{2,40}):(\d{2,5})$/i

/** The ports behind a destination, and the item without them. */
export function splitPorts(
  item: Item,
  problems: Problems,
): { readonly item: Item; readonly ports: readonly PortRange[] } {
  const { value } = item
  const colon = value.text.lastIndexOf(':')
  if (colon < 0) return { item, ports: [] }
  const isAddress = item.attribute === undefined && isWholeAddress(value.text)
  const found = isAddress || colon === 0 ? null : PORTS.exec(value.text.slice(colon + 1))
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
  const rest = value.text.slice(0, colon)
  const [, first = '', last = first] = found
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
const isWholeAddress = (text: string): boolean => !text.startsWith('[') && text.indexOf(':') !== text.lastIndexOf(':')
