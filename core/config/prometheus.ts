import { z } from 'zod'
import { duration, parsed, path, text } from './schema.ts'
import { refuseBothSecretKeys, secretKeys } from './secret-keys.ts'

const serverUrl = () =>
  parsed(
    {
      expects: 'an address such as http://prometheus.example:9090, without user and password',
      placeholder: '<url>',
      repair: value => (/^[\w.-]+(?::\d+)?$/.test(value) ? `http://${value}` : undefined),
    },
    value => {
      const url = URL.parse(value)
      const isPlain = url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === ''
      return isPlain && url.search === '' && url.hash === '' ? value.replace(/\/+$/, '') : undefined
    },
  )

/** A server with the HTTP API of Prometheus. */
export const prometheusSettings = z
  .strictObject({
    url: serverUrl().describe(
      'Prometheus, or what has its HTTP API (Thanos, Mimir, VictoriaMetrics), with the path before `/api/v1`.',
    ),
    username: text().exactOptional().describe('A user, for basic authentication.'),
    ...secretKeys('password', "The user's password."),
    ...secretKeys('bearer_token', 'Token that is sent as `Authorization: Bearer`, instead of a user.'),
    tenant: text().exactOptional().describe('Sent as `X-Scope-OrgID`, by which Mimir and Cortex separate tenants.'),
    ca_file: path()
      .exactOptional()
      .describe("PEM file of the authority that signed the server's certificate; without it, those of Node.js."),
    client_cert_file: path().exactOptional().describe('PEM file of the client certificate.'),
    client_key_file: path().exactOptional().describe('PEM file of its private key.'),
    request_timeout: duration(1_000, 300_000).prefault('30s').describe('Timeout of a request.'),
  })
  .superRefine((value, context) => {
    const complain = (key: string, message: string) => context.addIssue({ code: 'custom', path: [key], message })
    const has = (...keys: (keyof typeof value)[]) => keys.some(key => value[key] !== undefined)
    refuseBothSecretKeys('password')(value, context)
    refuseBothSecretKeys('bearer_token')(value, context)
    if (has('username') && has('bearer_token', 'bearer_token_file'))
      complain('username', 'conflicts with the bearer token; remove one of the two')
    if (has('username') !== has('password', 'password_file'))
      complain(has('username') ? 'password' : 'username', 'is missing; user and password belong together')
    if (has('client_cert_file') !== has('client_key_file')) {
      const missing = has('client_cert_file') ? 'client_key_file' : 'client_cert_file'
      complain(missing, 'is missing; certificate and key belong together')
    }
    const useless = (['ca_file', 'client_cert_file'] as const).find(key => has(key))
    if (useless !== undefined && value.url.startsWith('http:'))
      complain(useless, `conflicts with ${value.url}, which is without TLS; use https://`)
  })

export type PrometheusSettings = z.output<typeof prometheusSettings>
