import { describe, expect, it } from '@jest/globals'
import { parseConfig } from '../../../../core/config/parse.ts'
import { configOrThrow } from '../../../../core/config/problem.ts'
import { exporterSchema, resolvePaths } from '../../../../exporter/config.ts'

function source(keys: string) {
  const text = `sources:\n  - type: elasticsearch\n    name: logs\n    index: [logs-openclaw-*]\n    ${keys.split('\n').join('\n    ')}\n`
  return configOrThrow(parseConfig(exporterSchema, text, 'clawtrust.yml'))
}

describe('a source of type elasticsearch', () => {
  it('needs only its index and its nodes', () => {
    const [parsed] = source('nodes: ["https://es:9200"]').sources
    expect(parsed).toMatchObject({
      cursor_field: 'event.ingested',
      horizon: 3_600_000,
      compatibility: 'auto',
      history: 14 * 86_400_000,
    })
  })

  it('takes its paths from the folder of the file', () => {
    const config = source('nodes: ["https://es:9200"]\nca_file: ca.pem\napi_key_file: /run/key')
    expect(resolvePaths(config, '/etc/clawtrust').sources[0]).toMatchObject({
      ca_file: '/etc/clawtrust/ca.pem',
      api_key_file: '/run/key',
    })
    const behindProxy = source(
      'nodes: ["https://es:9200"]\nproxy: http://proxy:3128\nproxy_username: u\nproxy_password_file: proxy-password',
    )
    expect(resolvePaths(behindProxy, '/etc/clawtrust').sources[0]).toMatchObject({
      proxy_password_file: '/etc/clawtrust/proxy-password',
    })
  })

  it.each(['filebeat', '{ raw: message }', '{ parsed: json }'])(
    'says that its records are in the envelope %s',
    written => {
      const [parsed] = source(`nodes: ["https://es:9200"]\nenvelope: ${written}`).sources
      expect(parsed).toHaveProperty('envelope')
    },
  )

  it('reads one part of several', () => {
    expect(
      source('cloud_id: "a:ZXVyb3BlLmV4YW1wbGUkYWJj"\nshard: 2/8\nshard_field: host.name').sources[0],
    ).toMatchObject({
      shard: { part: 2, of: 8 },
    })
  })

  it.each([
    ['interval: 5s', 'nodes is missing; name the nodes, or a cloud_id'],
    ['nodes: ["https://u:p@es:9200"]', 'without user and password'],
    ['nodes: ["es:9200"]', 'must be an address such as https://'],
    [`nodes: ["https://es:9200"]\nca_fingerprint: "${'ab'.repeat(32)}"`, 'needs ca_file'],
    ['cloud_id: "my-deployment"', 'must be a cloud ID as Elastic Cloud shows it'],
    [`nodes: ["http://es:9200"]\nca_file: ca.pem`, 'ca_file conflicts with http://es:9200, which is without TLS'],
    ['nodes: ["https://es:9200"]\nusername: reader', 'password is missing; user and password belong together'],
    ['nodes: ["https://es:9200"]\napi_key: k\napi_key_file: f', 'conflicts with api_key; remove one of the two'],
    ['nodes: ["https://es:9200"]\nproxy: http://proxy:3128\nproxy_username: u', 'proxy_password is missing'],
    [
      'nodes: ["https://es:9200"]\nproxy: http://proxy:3128\nproxy_username: u\nproxy_password: p\nproxy_password_file: f',
      'conflicts with proxy_password; remove one of the two',
    ],
    ['nodes: ["https://es:9200"]\nproxy_username: u\nproxy_password: p', 'proxy is missing'],
    ['nodes: ["https://es:9200"]\nclient_cert_file: c', 'client_key_file is missing'],
    ['nodes: ["https://es:9200"]\nenvelope: { raw: message, parsed: json }', 'envelope must be one of filebeat, '],
    ['nodes: ["https://es:9200"]\nenvelope: { raw: "" }', 'envelope must be one of filebeat, '],
    ['nodes: ["https://es:9200"]\nshard: 9/8', 'such as 2/8'],
    ['nodes: ["https://es:9200"]\nshard: 2/8', 'shard_field is missing'],
    ['nodes: ["https://es:9200"]\noverlap: 30m\nhorizon: 10m', 'overlap is longer than horizon'],
    ['nodes: ["https://es:9200"]\ncompatibility: 7', 'must be one of "auto", 8, 9'],
  ])('refuses %s in words', (keys, words) => {
    expect(() => source(keys)).toThrow(words)
  })

  it.each([
    'nodes: ["https://es:9200"]\nproxy: http://clawtrust:Kept/1@Secret@proxy:3128',
    'nodes: ["https://es:9200"]\nproxy: clawtrust:Kept/1@Secret@proxy:3128',
    'nodes: ["https://clawtrust:Kept/1@Secret@es:9200"]',
  ])('refuses %s without printing the password', keys => {
    const wrong = () => source(keys)
    expect(wrong).toThrow('<secret>@')
    expect(wrong).not.toThrow(/Kept|Secret@/)
  })

  it('says where user and password of a proxy are configured', () => {
    const wrong = () => source('nodes: ["https://es:9200"]\nproxy: http://clawtrust:secret@proxy:3128')
    expect(wrong).toThrow('set its user and password by proxy_username and proxy_password_file')
  })
})
