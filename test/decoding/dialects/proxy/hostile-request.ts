import fc from 'fast-check'

const routes = ['/', '/hooks/401', '/tools/invoke/403', '/v1/429', '/api/400', '/sessions/a/history/401'] as const

/** Each spelling leads nginx, or the gateway behind it, to the same path. */
const spellings: readonly ((path: string) => string)[] = [
  path => path,
  path => `/${path}`,
  path => `//elsewhere${path}`,
  path => path.replaceAll('/', '//'),
  path => `/elsewhere/..${path}`,
  path => `/elsewhere/%2e%2E${path}`,
  path => `/.${path}`,
  path => path.replace(/\w/g, letter => `%${letter.charCodeAt(0).toString(16)}`),
  path => `/elsewhere/..${path.replaceAll('/', '\\')}`,
  path => `http://openclaw.example.org${path}`,
  path => `HTTPS://a.example:1${path}`,
  path => `${path}?token=secret`,
  path => `${path}#/../elsewhere`,
]

const method = fc.oneof(
  fc.constantFrom('GET', 'POST', 'M-SEARCH', 'PROP_FIND', '-', '_'),
  fc.string({ unit: fc.constantFrom('A', 'Z', '-', '_'), minLength: 1, maxLength: 200 }),
)

/** Request lines of one of OpenClaw's routes, as a client writes them who does not want to be counted. */
export const hostileRequest = fc
  .record({
    method,
    path: fc.constantFrom(...routes),
    spell: fc.constantFrom(...spellings),
    version: fc.constantFrom('', ' ', ' HTTP/0.9', ' HTTP/1.0', ' HTTP/1.1', ' HTTP/2.0', '  HTTP/1.1 '),
  })
  .map(parts => `${parts.method} ${parts.spell(parts.path)}${parts.version}`)
