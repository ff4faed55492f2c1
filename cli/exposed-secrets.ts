import { stat } from 'node:fs/promises'
import { formatPath, type KeyPath, keysOf, notes } from '../core/config/shape.ts'
import { isObject } from '../core/json.ts'
import { Secret } from '../core/secret.ts'
import type { Destinations } from '../service/delivery/destinations.ts'
import { isLoopback } from '../service/http/listen-address.ts'
import { type Config, configSchema } from './config-schema.ts'
import type { ConfigWarning } from './config-warnings.ts'

/** Secrets that others can read: in the configuration file, on the network, or in a file that every user may read. */
export async function exposedSecrets(config: Config, destinations: Destinations): Promise<readonly ConfigWarning[]> {
  return [...inClearText(config), ...onTheNetwork(config, destinations), ...(await inReadableFiles(config))]
}

/** Every value of the configuration with its path. */
function* valuesIn(value: unknown, path: KeyPath = []): Generator<{ readonly path: KeyPath; readonly value: unknown }> {
  yield { path, value }
  if (value instanceof Secret) return
  if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* valuesIn(item, [...path, index])
  else if (isObject(value)) for (const [key, item] of Object.entries(value)) yield* valuesIn(item, [...path, key])
}

const IS_VARIABLE = /^\$\{\w+\}$/

/** Other notations of variables, and parts of a text, which are not replaced. */
const LIKE_VARIABLE = /^\$\w+$|\$\{\w+(?:\}|:)|\$\(\w|^%\w+%$|\{\{.*\}\}/

function inClearText(config: Config): ConfigWarning[] {
  return Array.from(valuesIn(config)).flatMap(({ path, value }) => {
    if (!(value instanceof Secret) || IS_VARIABLE.test(value.reveal())) return []
    const name = String(path.at(-1))
    if (LIKE_VARIABLE.test(value.reveal())) {
      const what = `looks like an environment variable and is used as it is written; write \${NAME}, with braces, as the whole value`
      return [{ key: formatPath(path), what }]
    }
    if (name === 'url' && !isSecretUrl(value.reveal())) return []
    return [
      {
        key: formatPath(path),
        what: `is a secret in clear text, which everyone who can read this file can read; move it to a file of its own and set ${name}_file, or set ${name}: \${NAME} to read it from that environment variable`,
      },
    ]
  })
}

/** A part of a path that is as long as a token is taken for one, as in the addresses of chats. */
const TOKEN_LENGTH = 20

function isSecretUrl(text: string): boolean {
  const url = URL.parse(text)
  if (url === null) return true
  return url.search !== '' || url.pathname.split('/').some(part => part.length >= TOKEN_LENGTH)
}

function onTheNetwork(config: Config, destinations: Destinations): ConfigWarning[] {
  const { exporter, remediation } = config
  const connections = exporter.sources.flatMap((source, index) => {
    if (source.type !== 'elasticsearch') return []
    const at = `exporter.sources[${index}]`
    const sent = secretSentBy(source)
    return [
      ...(source.nodes ?? []).map((url, number) => ({ key: `${at}.nodes[${number}]`, url, sent })),
      { key: `${at}.proxy`, url: source.proxy, sent: source.proxy_username && 'the password of the proxy' },
    ]
  })
  const receivers = remediation.destinations.map(({ name }, index) => {
    const { url, token } = destinations.get(name) ?? {}
    const address = url?.reveal()
    const hidden = address !== undefined && isSecretUrl(address)
    const sent = token !== undefined ? 'the token' : hidden ? 'the secret in the address' : undefined
    return { key: `remediation.destinations[${index}]`, url: address, sent, hidden: true }
  })
  const providers = remediation.enrichment.threat_intelligence.flatMap((provider, index) => {
    if (provider.type !== 'http') return []
    const hasKey = provider.key !== undefined || provider.key_file !== undefined
    const key = `remediation.enrichment.threat_intelligence[${index}].url`
    return [{ key, url: provider.url.replace('{address}', '192.0.2.1'), sent: hasKey ? 'the key' : undefined }]
  })
  const links = {
    key: 'remediation.external_url',
    url: remediation.external_url,
    sent: 'the token of an approval link',
  }
  const sentTo: readonly Sent[] = [...connections, ...receivers, ...providers, links]
  return sentTo.flatMap(({ key, url, sent, hidden = false }) => {
    if (sent === undefined || url === undefined || !isPlainToOthers(url)) return []
    const shown = hidden ? 'an address' : new URL(url).origin
    const what = `sends ${sent} without TLS to another machine (${shown}), and everyone on the way can read it; use https://`
    return [{ key, what }]
  })
}

interface Sent {
  readonly key: string
  readonly url: string | undefined
  /** What is sent to it that must not be read on the way; undefined if nothing is. */
  readonly sent: string | undefined
  /** True if the address must not be shown. */
  readonly hidden?: boolean
}

function secretSentBy(source: { readonly [key: string]: unknown }): string | undefined {
  if (source.api_key !== undefined || source.api_key_file !== undefined) return 'the API key'
  return source.username === undefined ? undefined : 'user and password'
}

/** Names by which a container reaches its own machine. */
const OWN_MACHINE = /^(?:host\.docker\.internal|host\.containers\.internal|(?:.+\.)?localhost)$/i

/**
 * True for an http address of another machine. A name without a dot is a service in the network of a Compose file, which
 * does not leave the machine.
 */
export function isPlainToOthers(text: string): boolean {
  const url = URL.parse(text)
  if (url?.protocol !== 'http:') return false
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const isName = !host.includes(':') && !/^[\d.]+$/.test(host)
  if (isName) return host.includes('.') && !OWN_MACHINE.test(host)
  return !isLoopback(host)
}

/** Keys with the path of a file that contains a secret. */
const secretFileKeys = new Set([
  'client_key_file',
  ...Array.from(keysOf(configSchema))
    .filter(({ schema }) => notes(schema).secret === true)
    .map(({ key }) => `${key.slice(key.lastIndexOf('.') + 1)}_file`),
])

/** Secrets that a container engine mounts are readable by all users, of whom a container has one. */
const MOUNTED = /^(?:\/var)?\/run\/secrets\//

const READABLE_BY_OTHERS = 0o004

async function inReadableFiles(config: Config): Promise<readonly ConfigWarning[]> {
  const found = Array.from(valuesIn(config)).map(async ({ path, value }): Promise<ConfigWarning[]> => {
    if (typeof value !== 'string' || !secretFileKeys.has(String(path.at(-1))) || MOUNTED.test(value)) return []
    // A file that cannot be read is an error of its own.
    const mode = (await stat(value).catch(() => undefined))?.mode ?? 0
    if ((mode & READABLE_BY_OTHERS) === 0) return []
    const octal = (mode & 0o777).toString(8).padStart(4, '0')
    const what = `names ${value}, which every user of this machine can read (mode ${octal}); give it the mode 0600 or 0640 (chmod o= ${value})`
    return [{ key: formatPath(path), what }]
  })
  return (await Promise.all(found)).flat()
}
