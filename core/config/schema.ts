import { z } from 'zod'
import { isNetwork } from '../net/cidr.ts'
import { nat64Translation } from '../net/spellings.ts'
import { Secret } from '../secret.ts'
import { formatDuration, parseDuration } from '../time/duration.ts'
import { parseByteSize } from './byte-size.ts'
import { parsePattern } from './pattern.ts'

/** Properties of a key in addition to its type; errors and docs/configuration.md are generated from them. */
export interface KeyNotes {
  /** Valid values, to follow "must be": `a duration such as 5m`. */
  readonly expects?: string
  /** The same as a placeholder, as in Prometheus's documentation: `<duration>`. */
  readonly placeholder?: string
  /** True if the value must not be printed. */
  readonly secret?: boolean
  /** What an invalid text probably means; it is suggested only if it is valid. */
  readonly repair?: (text: string) => string | undefined
  readonly description?: string
}

/**
 * Text that a parser converts to a value; the parser returns undefined for invalid text, and the error says what is
 * expected.
 */
export function parsed<T>(notes: KeyNotes, parse: (text: string) => T | undefined) {
  return z
    .string()
    .transform((text, context) => {
      const value = parse(text)
      if (value !== undefined) return value
      context.addIssue({ code: 'custom', params: { unparsed: true } })
      return z.NEVER
    })
    .meta({ ...notes })
}

export const text = () => z.string().min(1).meta({ expects: 'text', placeholder: '<text>' })

/** A path; a relative one is resolved against the folder of the configuration file. */
export const path = () =>
  z
    .string()
    .min(1)
    .refine(value => !/^~(?:\/|$)/.test(value), 'begins with ~, which only a shell expands; write the path in full')
    .meta({ expects: 'a path', placeholder: '<path>' })

export const wholeNumber = (least: number, most: number) =>
  z
    .int()
    .min(least)
    .max(most)
    .meta({ expects: `a whole number from ${least} to ${most}`, placeholder: '<number>' })

/** Milliseconds, in Prometheus's format of durations. */
export const duration = (least: number, most: number) =>
  parsed(
    {
      expects: `a duration from ${formatDuration(least)} to ${formatDuration(most)}${examplesOf(least, most)}`,
      placeholder: '<duration>',
      repair: repairDuration,
    },
    value => {
      const ms = parseDuration(value)
      return ms !== undefined && ms >= least && ms <= most ? ms : undefined
    },
  )

/** Of the three examples, those in the range. */
function examplesOf(least: number, most: number): string {
  const examples = [30_000, 300_000, 5_400_000].filter(ms => ms >= least && ms <= most).map(formatDuration)
  if (examples.length === 0) return ''
  return `, such as ${examples.join(', ').replace(/, (\S+)$/, ' or $1')}`
}

const DURATION_WORDS = [
  [/^(?:ms|msecs?|millis|milliseconds?)$/, 'ms'],
  [/^(?:s|secs?|seconds?)$/, 's'],
  [/^(?:m|mins?|minutes?)$/, 'm'],
  [/^(?:h|hrs?|hours?)$/, 'h'],
  [/^(?:d|days?)$/, 'd'],
  [/^(?:w|weeks?)$/, 'w'],
  [/^(?:y|years?)$/, 'y'],
] as const

/** `5 min`, `1.5 Hours`, `5m1h`, `PT5M`, and `5` as seconds, in Prometheus's format. */
function repairDuration(text: string): string | undefined {
  if (/^\d{1,9}$/.test(text)) return formatDuration(Number(text) * 1000)
  const written = text.toLowerCase().replace(/^pt?(?=\d)/, '')
  const parts = [...written.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)[\s,]*/g)]
  if (parts.map(([whole]) => whole).join('') !== written) return undefined
  const lengths = parts.map(([, count, word = '']) => {
    const unit = DURATION_WORDS.find(([form]) => form.test(word))?.[1]
    return Number(count) * (unit === undefined ? Number.NaN : (parseDuration(`1${unit}`) ?? Number.NaN))
  })
  const sum = lengths.reduce((sum, length) => sum + length, 0)
  return Number.isSafeInteger(sum) ? formatDuration(sum) : undefined
}

/** Bytes. */
export const byteSize = () =>
  parsed(
    {
      expects: 'a size in B, KiB, MiB, GiB or TiB, such as 512MiB',
      placeholder: '<size>',
      // Of `MB` it is not known whether it is meant in powers of 1,000: the nearest binary unit is only suggested.
      repair: text =>
        text.replace(/^(\d+)\s*(?:([kmgt])i?b?|b(?:ytes)?)?$/i, (_, count: string, unit?: string) =>
          unit === undefined ? `${count}B` : `${count}${unit.toUpperCase()}iB`,
        ),
    },
    parseByteSize,
  )

/** A network or an address, as text. */
export const cidr = () =>
  parsed({ expects: 'a network such as 10.0.0.0/8, or an address', placeholder: '<cidr>' }, value =>
    isNetwork(value) ? value : undefined,
  )

/** A prefix of RFC 6052, as text. */
export const nat64Prefix = () =>
  parsed(
    { expects: 'an IPv6 network of 32, 40, 48, 56, 64 or 96 bits such as 64:ff9b::/96', placeholder: '<cidr>' },
    value => (nat64Translation(value) === undefined ? undefined : value),
  )

/** A regular expression that must match the whole text. */
export const pattern = () =>
  parsed(
    {
      expects: 'a regular expression of at most 500 characters, without repetition or choice inside a repeated group',
      placeholder: '<regex>',
    },
    parsePattern,
  )

/** The address of a listening socket, `host:port` as Prometheus writes it; without a host every interface. */
export interface ListenAddress {
  readonly host: string
  readonly port: number
}

export const listenAddress = () =>
  parsed(
    {
      expects: 'an address and port such as 127.0.0.1:9847 or [::1]:9847',
      placeholder: '<address>',
      repair: text =>
        text
          .replace(/^https?:\/\/([^/]+)\/?$/, '$1')
          .replace(/^\*:/, ':')
          .replace(/^(\d{2,5})$/, '127.0.0.1:$1')
          .replace(/^([0-9a-fA-F:]*:[0-9a-fA-F:]*):(\d{4,5})$/, '[$1]:$2'),
    },
    parseListenAddress,
  )

function parseListenAddress(value: string): ListenAddress | undefined {
  const found = /^(?:\[([0-9a-fA-F:.]+)\]|([\p{L}\p{N}_.-]*)):(\d{1,5})$/u.exec(value)
  const port = Number(found?.[3])
  if (found === null || port > 65_535) return undefined
  if (found[1] !== undefined && !isNetwork(found[1])) return undefined
  return { host: found[1] ?? (found[2] || '::'), port }
}

/** The address of a server, with its host. */
export const hostAndPort = () =>
  parsed(
    {
      expects: 'a host and a port such as gateway.example:443 or [2001:db8::1]:443',
      placeholder: '<address>',
      repair: text => text.replace(/^https:\/\/([^/:]+)\/?$/, '$1:443').replace(/^https:\/\/([^/]+)\/?$/, '$1'),
    },
    value => (value.startsWith(':') ? undefined : parseListenAddress(value)),
  )

/** Text that is never printed. `${NAME}` as the whole value is replaced by that environment variable. */
export const secret = () =>
  z
    .string()
    .min(1)
    .transform(value => new Secret(value))
    .meta({ expects: 'text', placeholder: '<secret>', secret: true })
