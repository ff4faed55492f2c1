import { z } from 'zod'
import { duration, parsed, path, text } from './schema.ts'
import { refuseBothSecretKeys, secretKeys } from './secret-keys.ts'

/**
 * `https://logs-1.example:9200`; credentials have keys of their own, so that they are never printed with the address.
 */
const nodeUrl = () =>
  parsed(
    {
      expects: 'an address such as https://logs-1.example:9200, without user and password',
      placeholder: '<url>',
      repair: text => (/^[\w.-]+(?::\d+)?$/.test(text) ? `https://${text}` : undefined),
    },
    parseHttpUrl,
  )

const proxyUrl = () =>
  parsed(
    {
      expects:
        'an address such as http://proxy.example:3128; set its user and password by proxy_username and proxy_password_file',
      placeholder: '<url>',
    },
    parseHttpUrl,
  )

function parseHttpUrl(value: string): string | undefined {
  if (!URL.canParse(value)) return undefined
  const { protocol, username, password } = new URL(value)
  return ['http:', 'https:'].includes(protocol) && username === '' && password === '' ? value : undefined
}

/**
 * The address of Elasticsearch in a cloud ID: `name:` and, in base64, the host, a `$`, the name of the Elasticsearch,
 * and possibly more. Undefined if the text is not a cloud ID.
 */
export function cloudNode(cloudId: string): string | undefined {
  const [, encoded = '', ...more] = cloudId.split(':')
  if (more.length > 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return undefined
  const [host = '', name = ''] = decodeBase64(encoded).split('$')
  const url = `https://${name}.${host}`
  return host !== '' && name !== '' && URL.canParse(url) ? url : undefined
}

function decodeBase64(text: string): string {
  try {
    return atob(text)
  } catch {
    return ''
  }
}

const cloudId = () =>
  parsed(
    {
      expects: 'a cloud ID as Elastic Cloud shows it, such as name:ZXVyb3BlLmV4YW1wbGUkYWJj',
      placeholder: '<cloud-id>',
    },
    value => (cloudNode(value) === undefined ? undefined : value),
  )

/** SHA-256 of a certificate, as `openssl x509 -fingerprint -sha256` prints it; the colons are optional. */
const fingerprint = () =>
  parsed(
    {
      expects: 'a SHA-256 fingerprint in hexadecimal (64 digits)',
      placeholder: '<fingerprint>',
      repair: text => text.replace(/^sha-?256(?: fingerprint)?[:= ]\s*/i, '').replaceAll(' ', ''),
    },
    value => (/^[0-9a-fA-F]{64}$/.test(value.replaceAll(':', '')) ? value : undefined),
  )

/** The keys of a connection to a cluster: the same for every part that has one. */
export const elasticsearchConnectionKeys = {
  nodes: z.array(nodeUrl()).min(1).exactOptional().describe('Nodes of the cluster; a node that is down is skipped.'),
  cloud_id: cloudId().exactOptional().describe('Cloud ID of an Elastic Cloud deployment, instead of `nodes`.'),
  ...secretKeys('api_key', 'An API key, the value `encoded` of Elasticsearch.'),
  username: text().exactOptional().describe('A user, instead of an API key.'),
  ...secretKeys('password', "The user's password."),
  ca_file: path()
    .exactOptional()
    .describe(
      "PEM file of the authority that signed the servers' certificates; without it, the authorities of Node.js.",
    ),
  ca_fingerprint: fingerprint()
    .exactOptional()
    .describe('Verified in addition to `ca_file`; alone, it would accept a forged server.'),
  client_cert_file: path().exactOptional().describe('PEM file of the client certificate.'),
  client_key_file: path().exactOptional().describe('PEM file of its private key.'),
  proxy: proxyUrl().exactOptional().describe('HTTP proxy between clawtrust and the cluster.'),
  proxy_username: text().exactOptional().describe('The user of the proxy, if it requires one.'),
  ...secretKeys('proxy_password', "That user's password."),
  request_timeout: duration(1_000, 300_000)
    .prefault('10s')
    .describe('Timeout of a request; after it, another node is used.'),
  compatibility: z
    .literal(['auto', 8, 9])
    .prefault('auto')
    .describe('Major version of the API; `auto` detects it by a search.'),
}

const connectionSchema = z.strictObject(elasticsearchConnectionKeys)

/** The configuration of a connection to a cluster. */
export type ElasticsearchSettings = z.output<typeof connectionSchema>

/** The nodes, for use in a sentence. */
export function addressOf({ nodes, cloud_id }: Pick<ElasticsearchSettings, 'nodes' | 'cloud_id'>): string {
  return cloud_id === undefined ? (nodes ?? []).join(', ') : (cloudNode(cloud_id) ?? cloud_id)
}

/** Keys that have an effect only with TLS. */
const TLS_KEYS = ['ca_file', 'ca_fingerprint', 'client_cert_file'] as const

/** For `superRefine` on a map with these keys: conflicting keys are refused. */
export function refuseContradictions(
  value: Partial<ElasticsearchSettings> & Readonly<Record<string, unknown>>,
  context: z.core.$RefinementCtx,
): void {
  const complain = (key: string, message: string) => context.addIssue({ code: 'custom', path: [key], message })
  const has = (...keys: string[]) => keys.some(key => value[key] !== undefined)
  refuseBothSecretKeys('api_key')(value, context)
  refuseBothSecretKeys('password')(value, context)
  refuseBothSecretKeys('proxy_password')(value, context)
  if (!has('nodes') && !has('cloud_id')) complain('nodes', 'is missing; name the nodes, or a cloud_id')
  if (has('nodes') && has('cloud_id')) complain('cloud_id', 'conflicts with nodes; remove one of the two')
  if (has('username') && has('api_key', 'api_key_file'))
    complain('username', 'conflicts with the API key; remove one of the two')
  if (has('username') !== has('password', 'password_file')) {
    complain(has('username') ? 'password' : 'username', 'is missing; user and password belong together')
  }
  if (has('proxy_username') !== has('proxy_password', 'proxy_password_file')) {
    const missing = has('proxy_username') ? 'proxy_password' : 'proxy_username'
    complain(missing, 'is missing; user and password of the proxy belong together')
  }
  if (has('proxy_username') && !has('proxy')) complain('proxy', 'is missing; proxy_username has no effect without it')
  if (has('ca_fingerprint') && !has('ca_file')) {
    complain('ca_fingerprint', 'needs ca_file: a fingerprint alone would accept a forged server')
  }
  const plain = value.nodes?.find(node => node.startsWith('http:'))
  const useless = plain === undefined ? undefined : TLS_KEYS.find(key => has(key))
  if (useless !== undefined) complain(useless, `conflicts with ${plain}, which is without TLS; use https://`)
  if (has('client_cert_file') !== has('client_key_file')) {
    const missing = has('client_cert_file') ? 'client_key_file' : 'client_cert_file'
    complain(missing, 'is missing; certificate and key belong together')
  }
}
