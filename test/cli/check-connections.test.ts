import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { runProgram } from '../../cli/program.ts'
import { temporaryFolder } from './temporary-folder.ts'

const { privateKey } = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
})
const damaged = '-----BEGIN CERTIFICATE-----\nbm90IGEgY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n'

const cases = [
  ['an authority that is not there', 'ca_file: gone.pem', 'ca_file: FOLDER/gone.pem cannot be read (ENOENT)'],
  ['a folder in its place', 'ca_file: .', 'is a directory and not a regular file; set the path of a regular file'],
  [
    'an authority that is no PEM',
    'ca_file: text',
    'ca_file: FOLDER/text cannot be used (it contains no PEM certificate)',
  ],
  ['an authority that is damaged', 'ca_file: damaged.pem', 'FOLDER/damaged.pem cannot be used ('],
  [
    'a key in place of the authority',
    'ca_file: key.pem',
    'FOLDER/key.pem cannot be used (it contains no PEM certificate)',
  ],
  ['an API key that is not there', 'api_key_file: gone', 'api_key_file: FOLDER/gone cannot be read (ENOENT)'],
  ['an API key that is empty', 'api_key_file: empty', 'FOLDER/empty is empty; it must contain the secret'],
  [
    'a variable that is not set',
    `api_key: "\${NOT_SET_ANYWHERE}"`,
    'the environment variable NOT_SET_ANYWHERE is not set',
  ],
  [
    'a password that is not there',
    'username: u, password_file: gone',
    'password_file: FOLDER/gone cannot be read (ENOENT)',
  ],
  [
    'a client key that is none',
    'client_cert_file: damaged.pem, client_key_file: text',
    'FOLDER/damaged.pem cannot be used (',
  ],
] as const

const remediationCases = [
  [
    'a key of two lines',
    'enrichment: { threat_intelligence: [{ type: http, name: cti, url: "https://cti.example/{address}", score: s, malicious_from: 1, key_file: lines }] }',
    'threat_intelligence[0].key_file: FOLDER/lines has more than one line',
  ],
  [
    'a token that is not there',
    'webhook: { bearer_token_file: gone }',
    'bearer_token_file: FOLDER/gone cannot be read (ENOENT)',
  ],
  ['an operator token that is empty', 'operator: { bearer_token_file: empty }', 'FOLDER/empty is empty'],
  [
    'an address of a receiver of two lines',
    'destinations: [{ name: chat, template: slack, url_file: lines }]',
    'destinations[0].url_file: FOLDER/lines has more than one line',
  ],
  [
    'a token that no header can hold',
    'destinations: [{ name: hook, template: generic, url: "https://hook.example", token_file: umlaut }]',
    'destinations[0].token_file: FOLDER/umlaut contains characters that an HTTP header cannot hold',
  ],
] as const

const folder = temporaryFolder({
  'enrichment.yml':
    'exporter: { enrichment: { geoip_file: gone.mmdb, threat_lists: [{ name: drop, file: empty }] } }\n',
  lines: 'hunter2\nhunter3\n',
  umlaut: 'hünter2',
  ...Object.fromEntries(
    remediationCases.map(([, keys], number) => [`remediation-${number}.yml`, `remediation: { ${keys} }\n`]),
  ),
  text: 'hello',
  empty: '',
  'damaged.pem': damaged,
  'key.pem': privateKey,
  ...Object.fromEntries(
    cases.map(([, keys], number) => [
      `${number}.yml`,
      `exporter: { sources: [{ type: elasticsearch, name: logs, index: [a], nodes: ["https://127.0.0.1:1"], ${keys} }] }\n`,
    ]),
  ),
})

async function run(...args: readonly string[]) {
  let err = ''
  const never = () => {
    throw new Error('must not start')
  }
  const code = await runProgram(args, {
    version: '1',
    folder,
    logFolders: [],
    stdout: { write: () => undefined },
    stderr: { write: text => (err += text) },
    process: { on: () => undefined, off: () => undefined, exit: () => undefined },
    createExporter: never,
    createRemediation: never,
    user: 'alice',
    checkWebConfig: async () => undefined,
  })
  return { code, err }
}

describe('a source whose secrets and certificates cannot be used', () => {
  describe.each([
    ['exporter', ['exporter', '--config.file']],
    ['check-config', ['check-config', '--config.file']],
    ['elastic check', ['elastic', 'check', '--config.file']],
  ])('ends %s with 2 and one sentence', (_, command) => {
    it.each(cases.map(([what, , sentence], number) => [what, sentence, `${number}.yml`]))(
      'for %s',
      async (_, sentence, file) => {
        const { code, err } = await run(...command, file)
        expect(err).toContain(sentence.replace('FOLDER', folder))
        expect(err.startsWith(`${file}:1: exporter.sources[0].`)).toBe(true)
        expect(err.trimEnd().split('\n')).toHaveLength(1)
        expect(code).toBe(2)
      },
    )
  })
})

describe('a secret of remediation that cannot be used', () => {
  it.each(remediationCases.map(([what, , sentence], number) => [what, sentence, `remediation-${number}.yml`]))(
    'ends check-config with 2 and one sentence for %s',
    async (_, sentence, file) => {
      const { code, err } = await run('check-config', file)
      expect(err.startsWith(`${file}:1: remediation.`)).toBe(true)
      expect(await run('remediation', '--config.file', file)).toEqual({ code, err })
      expect(err).toContain(sentence.replace('FOLDER', folder))
      expect(err.trimEnd().split('\n')).toHaveLength(1)
      expect(err).not.toMatch(/h.nter\d/)
      expect(code).toBe(2)
    },
  )
})

it('check-config warns of files about addresses that cannot be used, without which the exporter starts', async () => {
  const { code, err } = await run('check-config', 'enrichment.yml')
  expect(err).toMatch(
    /exporter.enrichment.geoip_file is \S+, which cannot be used: the GeoIP database cannot be read \(ENOENT\)/,
  )
  expect(err).toMatch(
    /exporter.enrichment.threat_lists\[0\].file is \S+, which cannot be used: the list cannot be read \(it has no/,
  )
  expect(code).toBe(0)
})
