import { proxies, type ReverseProxy } from '../../core/labels/transport.ts'

/**
 * The programs whose records are read. A journal, a syslog file and the output of several containers hold what every
 * program of a machine writes, and a client of any of them may make it write a record of the gateway. The daemon names
 * the program of each entry, by its unit, tag or container: that name is the administrator's, never a client's.
 */
const KNOWN = /(?:^|[^A-Za-z0-9])(?:openclaw|nginx|envoy|haproxy|caddy|traefik)/
/** The same for documentation. */
export const KNOWN_PROGRAMS = '`openclaw`, `nginx`, `envoy`, `haproxy`, `caddy` or `traefik`'

const MAX_NAME_LENGTH = 256

/** True where a word of the name begins with `openclaw` or the name of a proxy: `docker/openclaw`, `shop-nginx-1`. */
export function isKnownProgram(name: string): boolean {
  return name.length <= MAX_NAME_LENGTH && KNOWN.test(name)
}

const ofProxy: Readonly<Record<ReverseProxy, RegExp>> = {
  nginx: /(?:^|[^A-Za-z0-9])nginx/,
  envoy: /(?:^|[^A-Za-z0-9])envoy/,
  haproxy: /(?:^|[^A-Za-z0-9])haproxy/,
  caddy: /(?:^|[^A-Za-z0-9])caddy/,
  traefik: /(?:^|[^A-Za-z0-9])traefik/,
}

/** True where the decoder is of a proxy, with whose name a word of one of the names begins. */
export function nameProxyOf(decoder: string, names: readonly string[]): boolean {
  const proxy = proxies.find(each => decoder.startsWith(each))
  return proxy !== undefined && names.some(name => name.length <= MAX_NAME_LENGTH && ofProxy[proxy].test(name))
}

/**
 * True for names of which one is known, and for `node` alone: the tag of a gateway whose unit starts Node.js directly.
 * Where a unit or a container is named too, `node` says nothing: every other program of Node.js has that tag.
 */
export function areOfKnownProgram(names: readonly string[]): boolean {
  return names.some(isKnownProgram) || (names.length > 0 && names.every(name => name === 'node'))
}
