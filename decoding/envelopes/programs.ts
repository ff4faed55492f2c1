import { proxies } from '../../core/labels/transport.ts'

/**
 * The programs whose records are read. A journal, a syslog file and the output of several containers hold what every
 * program of a machine writes, and a client of any of them may make it write a record of the gateway. The daemon names
 * the program of each entry, by its unit, tag or container: that name is the administrator's, never a client's.
 */
const known = ['openclaw', 'keycloak', ...proxies] as const

const quoted = known.map(name => `\`${name}\``)

/** The same for documentation: `` `a`, `b` or `c` ``. */
export const KNOWN_PROGRAMS = `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`

const MAX_NAME_LENGTH = 256

/** True where a word of the name begins with one of the programs. */
function isOneOf(programs: readonly string[], name: string): boolean {
  if (name.length > MAX_NAME_LENGTH) return false
  return name.split(/[^A-Za-z0-9]/).some(word => programs.some(program => word.startsWith(program)))
}

/** True where a word of the name begins with `openclaw`, `keycloak` or the name of a proxy: `docker/openclaw`, `shop-nginx-1`. */
export const isKnownProgram = (name: string): boolean => isOneOf(known, name)

/** True where the decoder is of a proxy, with whose name a word of one of the names begins. */
export function nameProxyOf(decoder: string, names: readonly string[]): boolean {
  const own = proxies.filter(proxy => decoder.startsWith(proxy))
  return names.some(name => isOneOf(own, name))
}

/**
 * True for names of which one is known, and for `node` alone: the tag of a gateway whose unit starts Node.js directly.
 * Where a unit or a container is named too, `node` says nothing: every other program of Node.js has that tag.
 */
export function areOfKnownProgram(names: readonly string[]): boolean {
  return names.some(isKnownProgram) || (names.length > 0 && names.every(name => name === 'node'))
}
