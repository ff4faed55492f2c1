import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { checkRemediationSecrets } from '../../cli/check-connections.ts'
import { readPlacedConfig } from '../../cli/config-file.ts'
import { environmentWarnings, warningText } from '../../cli/config-warnings.ts'
import { exposedSecrets, isPlainToOthers } from '../../cli/exposed-secrets.ts'
import { temporaryFolder } from './temporary-folder.ts'

const source = (keys: string) => `exporter:
  sources:
    - type: elasticsearch
      name: logs
      index: [logs-*]
      ${keys.replaceAll('\n', '\n      ')}
`
const destination = (keys: string) => `remediation:
  destinations:
    - name: chat
      ${keys.replaceAll('\n', '\n      ')}
`
const SLACK = '/services/T000/B000/hunter2hunter2hunter2xx'

/** A configuration, and what must be said of it, from the place on. */
const cases: readonly [string, string, readonly string[]][] = [
  [
    'an API key in clear text',
    source('nodes: [https://es.example:9200]\napi_key: hunter2'),
    [':7: exporter.sources[0].api_key is a secret in clear text, which everyone who can read this file can read; '],
  ],
  ['an API key in a variable', source(`nodes: [https://es.example:9200]\napi_key: "\${HOME}"`), []],
  ...['$API_KEY', 'x$@{API_KEY}', '%API_KEY%', '{{ api_key }}', '$@{env:API_KEY}', '$@{API_KEY:-x}']
    .map(written => written.replace('@', ''))
    .map((written): (typeof cases)[number] => [
      `a variable in another notation, ${written}`,
      source(`nodes: [https://es.example:9200]\napi_key: '${written}'`),
      [':7: exporter.sources[0].api_key looks like an environment variable and is used as it is written; write '],
    ]),
  ['an API key in a file', source('nodes: [https://es.example:9200]\napi_key_file: private'), []],
  [
    'a password over http to another machine',
    source('nodes: ["http://es.example:9200"]\nusername: u\npassword_file: private'),
    [
      ':6: exporter.sources[0].nodes[0] sends user and password without TLS to another machine (http://es.example:9200), ',
    ],
  ],
  [
    'an API key over http to a private address',
    source('nodes: ["http://127.0.0.1:9200", "http://10.0.0.7:9200"]\napi_key_file: private'),
    [':6: exporter.sources[0].nodes[1] sends the API key without TLS to another machine (http://10.0.0.7:9200), '],
  ],
  [
    'an API key over http to loopback',
    source('nodes: ["http://[::1]:9200", "http://localhost:9200"]\napi_key_file: private'),
    [],
  ],
  [
    'an API key over http within a Compose file',
    source('nodes: [http://elasticsearch:9200]\napi_key_file: private'),
    [],
  ],
  ['no credentials over http', source('nodes: [http://es.example:9200]'), []],
  [
    'the password of a proxy over http',
    source(
      'nodes: [https://es.example:9200]\nproxy: http://proxy.example:3128\nproxy_username: u\nproxy_password_file: private',
    ),
    [
      ':7: exporter.sources[0].proxy sends the password of the proxy without TLS to another machine (http://proxy.example:3128)',
    ],
  ],
  [
    'a file that every user may read',
    source('nodes: [https://es.example:9200]\napi_key_file: public'),
    [
      ':7: exporter.sources[0].api_key_file names FOLDER/public, which every user of this machine can read (mode 0644); ',
    ],
  ],
  [
    'the address of a chat in clear text',
    destination(`template: slack\nurl: https://hooks.example${SLACK}`),
    [':5: remediation.destinations[0].url is a secret in clear text, '],
  ],
  [
    'the address of a chat over http',
    destination('template: slack\nurl_file: chat'),
    [':3: remediation.destinations[0] sends the secret in the address without TLS to another machine (an address), '],
  ],
  [
    'a secret in the query of an address over http',
    destination('template: generic\nurl_file: query'),
    [':3: remediation.destinations[0] sends the secret in the address without TLS to another machine (an address), '],
  ],
  [
    'a token over http',
    destination('template: generic\nurl: http://hook.example/in\ntoken_file: private'),
    [':3: remediation.destinations[0] sends the token without TLS to another machine (an address), '],
  ],
  ['an address without a secret', destination('template: generic\nurl: http://hook.example/in'), []],
  [
    'the key of a provider over http',
    'remediation:\n  enrichment:\n    threat_intelligence:\n      - { type: http, name: cti, url: "http://cti.example/{address}", allow_http: true, score: s, malicious_from: 1, key_file: private }\n',
    [
      ':4: remediation.enrichment.threat_intelligence[0].url sends the key without TLS to another machine (http://cti.example), ',
    ],
  ],
  [
    'approval links over http',
    'remediation:\n  external_url: http://clawtrust.example:9848/\n',
    [':2: remediation.external_url sends the token of an approval link without TLS to another machine '],
  ],
  [
    'the token of a role in clear text',
    'web:\n  roles:\n    command:\n      bearer_token: hunter2\n',
    [':4: web.roles.command.bearer_token is a secret in clear text, '],
  ],
]

const folder = temporaryFolder({
  private: 'hunter2\n',
  public: 'hunter2\n',
  chat: `http://hooks.example${SLACK}\n`,
  query: 'http://hooks.example/in?key=hunter2\n',
  ...Object.fromEntries(cases.map(([, yaml], number) => [`${number}.yml`, yaml])),
})
for (const name of ['private', 'chat', 'query']) chmodSync(join(folder, name), 0o640)
chmodSync(join(folder, 'public'), 0o644)

describe('a secret that others can read', () => {
  it.each(cases.map(([what, , expected], number) => [what, expected, `${number}.yml`] as const))(
    'is named with its line and what to do: %s',
    async (_, expected, file) => {
      const { config, placeOf } = await readPlacedConfig(file, folder)
      const { destinations } = await checkRemediationSecrets(config)
      const said = (await exposedSecrets(config, destinations)).map(warning => warningText(warning, placeOf))
      expect(said).toEqual(expected.map(words => expect.stringContaining(`${file}${words.replace('FOLDER', folder)}`)))
      for (const sentence of said) {
        expect(sentence).not.toContain('hunter2')
        expect(sentence).toMatch(/; (?:move|use|give|write) /)
      }
    },
  )

  it('is not sought in what a container engine mounts', async () => {
    const { config } = await readPlacedConfig('0.yml', folder)
    const mounted = { ...config, web: { ...config.web, password_file: '/run/secrets/x' } }
    expect((await exposedSecrets(mounted, new Map())).map(({ key }) => key)).toEqual(['exporter.sources[0].api_key'])
  })
})

describe('an http address', () => {
  it.each([
    ['http://127.8.9.10:9200', false],
    ['http://[::1]/', false],
    ['http://localhost', false],
    ['http://es.localhost', false],
    ['http://elasticsearch:9200', false],
    ['http://host.docker.internal:9200', false],
    ['https://es.example', false],
    ['http://es.example', true],
    ['http://es.default.svc:9200', true],
    ['http://192.168.1.2', true],
    ['http://[fd00::2]:9200', true],
  ])('%s leads to another machine: %s', (url, isOther) => {
    expect(isPlainToOthers(url)).toBe(isOther)
  })
})

describe('the environment', () => {
  it('is named where it switches off the verification of certificates', () => {
    expect(environmentWarnings({ NODE_TLS_REJECT_UNAUTHORIZED: '1' })).toEqual([])
    const [sentence] = environmentWarnings({ NODE_TLS_REJECT_UNAUTHORIZED: '0' })
    expect(sentence).toContain('NODE_TLS_REJECT_UNAUTHORIZED is 0: no certificate is verified')
  })
})
