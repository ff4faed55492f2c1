/**
 * The programs whose records are read. A journal, a syslog file and the output of several containers hold what every
 * program of a machine writes, and a client of any of them may make it write a record of the gateway. The daemon names
 * the program of each entry, by its unit, tag or container: that name is the administrator's, never a client's.
 */
const KNOWN = /(?:^|[^A-Za-z0-9])(?:openclaw|nginx|keycloak)/
const MAX_NAME_LENGTH = 256

/** True where a word of the name begins with `openclaw`, `nginx` or `keycloak`: `docker/openclaw`, `shop-nginx-1`. */
export function isKnownProgram(name: string): boolean {
  return name.length <= MAX_NAME_LENGTH && KNOWN.test(name)
}

/** True where a word of one of the names begins with `nginx`. */
export function areOfNginx(names: readonly string[]): boolean {
  return names.some(name => name.length <= MAX_NAME_LENGTH && /(?:^|[^A-Za-z0-9])nginx/.test(name))
}

/**
 * True for names of which one is known, and for `node` alone: the tag of a gateway whose unit starts Node.js directly.
 * Where a unit or a container is named too, `node` says nothing: every other program of Node.js has that tag.
 */
export function areOfKnownProgram(names: readonly string[]): boolean {
  return names.some(isKnownProgram) || (names.length > 0 && names.every(name => name === 'node'))
}
