import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { envoyDialect } from '../../decoding/dialects/envoy/dialect.ts'
import { haproxyDialect } from '../../decoding/dialects/haproxy/dialect.ts'
import { nginxAccessDialect } from '../../decoding/dialects/nginx/access-log.ts'
import { read } from '../structure/source-files.ts'

const shipped = (path: string) => readFileSync(new URL(`../../deploy/${path}`, import.meta.url), 'utf8')
const keysIn = (text: string, key: RegExp) => [...text.matchAll(key)].map(([, name = '']) => name)
const missing = (wanted: readonly string[], written: readonly string[]) =>
  wanted.filter(name => !written.includes(name))

/** Fields whose text a client chooses. */
const OF_CLIENTS = ['method', 'path', 'ssl_c_s_dn', 'ssl_c_i_dn']

describe('the shipped configuration of nginx', () => {
  it('writes every field that its dialect reads', () => {
    const written = keysIn(shipped('nginx/log-format.conf'), /"(\w+)":"\$/g)
    expect(missing(nginxAccessDialect.sourceFields, written)).toEqual([])
  })
})

describe('the shipped configuration of HAProxy', () => {
  const configuration = shipped('haproxy/haproxy.cfg')
  const formats = [...configuration.matchAll(/^ +(?:error-)?log-format '(\{.*\})'$/gm)].map(([, text = '']) => text)

  it('writes every field that its dialect reads', () => {
    expect(formats).toHaveLength(2)
    const written = formats.flatMap(format => keysIn(format, /"(\w+)":/g))
    expect(missing(haproxyDialect.sourceFields, written)).toEqual([])
  })

  it('escapes what clients write, and writes its own fields after it', () => {
    for (const format of formats) {
      const names = keysIn(format, /"(\w+)":/g)
      const ofClients = names.filter(name => OF_CLIENTS.includes(name))
      expect(names.slice(0, ofClients.length)).toEqual(ofClients)
      for (const name of ofClients) expect(format).toMatch(new RegExp(`"${name}":"%\\[[\\w.]+,json\\(utf8s\\)\\]"`))
    }
  })
})

describe('the shipped configuration of Envoy', () => {
  it('writes every field that its dialect reads, each by the operator of that name', () => {
    const configuration = shipped('envoy/envoy.yaml')
    const written = keysIn(configuration, /^ +(\w+): "%[\w():]+%"$/gm)
    expect(missing(envoyDialect.sourceFields, written)).toEqual([])
    for (const name of written.filter(field => field.startsWith('downstream_'))) {
      expect(configuration).toContain(`${name}: "%${name.toUpperCase()}%"`)
    }
  })
})

describe('the shipped configuration of Caddy', () => {
  it('logs requests and failed handshakes, at the level at which Caddy reports these', () => {
    const configuration = shipped('caddy/Caddyfile')
    expect(configuration).toMatch(/^\t\tlevel DEBUG\n\t\tinclude http\.log\.access http\.stdlib$/m)
    expect(configuration).toMatch(/^\t\t\twrap json$/m)
    expect(configuration).toMatch(/^\tlog$/m)
  })
})

describe('the shipped configuration of Traefik', () => {
  it('logs requests as JSON, and says that it was not tested', () => {
    const configuration = shipped('traefik/traefik.yml')
    expect(parse(configuration)).toMatchObject({
      accessLog: { format: 'json' },
      providers: { file: { filename: '/etc/traefik/openclaw.yml' } },
    })
    expect(configuration).toContain('not tested')
    expect(parse(shipped('traefik/openclaw.yml'))).toMatchObject({
      tls: { options: { default: { clientAuth: { clientAuthType: 'RequireAndVerifyClientCert' } } } },
    })
  })
})

it.each(['nginx', 'envoy', 'haproxy', 'caddy', 'traefik'])(
  'the configuration of %s is shipped and on docs/proxies.md',
  name => {
    expect(JSON.parse(read('package.json')).files).toContain(`deploy/${name}`)
    expect(read('docs/proxies.md')).toContain(`deploy/${name}`)
  },
)
