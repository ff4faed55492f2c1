import { after, before, type Edit, type Omission, type Recipe } from './recipe.ts'

const file = 'decoding/dialects/apache/dialect.ts'
const registry = 'decoding/registry.ts'
const labels = 'core/labels/transport.ts'
const fixtures = 'test/decoding/dialect-fixtures.ts'
const byHand = 'test/decoding/deployment-by-hand.ts'
const contract = 'test/decoding/contract.test.ts'

const imported = before(
  registry,
  "import { caddyDialect } from './dialects/caddy/dialect.ts'\n",
  "import { apacheDialect } from './dialects/apache/dialect.ts'\n",
)
const registered = after(registry, '  traefikDialect,\n', '  apacheDialect,\n')
const lines = before(
  fixtures,
  '  ecs: {\n    documents: [',
  `  apache: {
    lines: [...captured('apache/requests.real.jsonl'), ...captured('apache/synthetic.jsonl')],
    quiet: text => JSON.stringify({ ...quietApacheRequest, path: text }),
  },
`,
)
const counted = before(
  byHand,
  '  ecs: {',
  `  apache: {
    records: 7,
    moves: { auth_failures: 2, auth_lockouts: 1, mtls_handshake_failures: 1, policy_decisions: 1 },
  },
`,
)
const word: Edit = {
  file: labels,
  find: "'traefik'] as const",
  put: "'traefik', 'apache'] as const",
}

const mistaken = (find: string, put: string): readonly Omission[] => [{ mistake: { file, find, put } }]

export const dialect: Recipe = {
  kind: 'dialect',
  member: 'apache',
  called: ['apache'],
  edits: [
    imported,
    registered,
    before(
      fixtures,
      '\n/** The fixtures of every dialect, by its name. */',
      `const quietApacheRequest = {
  time: '2026-11-24T00:54:49+0000',
  client_addr: '203.0.113.9',
  status: 200,
  path: '/',
  ssl_client_verify_text: 'SUCCESS',
}
`,
    ),
    lines,
    counted,
    word,
  ],
  passes: ['test/decoding/dialects/apache/dialect.test.ts' as const],
  rows: [
    {
      forgotten: 'the entry in `registry.ts`',
      places: [
        {
          isDecisive: true,
          omits: [{ edit: imported }, { edit: registered }],
          fails: [
            {
              check: contract,
              test: 'no fixtures are left of a dialect or an envelope that is gone',
              names: ['apache'],
            },
          ],
        },
      ],
    },
    {
      forgotten: 'the fixtures',
      places: [
        {
          isDecisive: true,
          omits: [{ edit: lines }],
          fails: [{ check: contract, test: 'dialect apache has fixtures', names: [] }],
        },
      ],
    },
    {
      forgotten: 'the quiet line',
      places: [
        {
          omits: [
            {
              mistake: {
                file: fixtures,
                find: '    quiet: text => JSON.stringify({ ...quietApacheRequest, path: text }),\n',
                put: '',
              },
            },
          ],
          fails: [
            {
              check: contract,
              test: 'dialect apache is not undecoded where a text of another dialect is in its own free text',
              names: ['dialect apache has no quiet fixture'],
            },
          ],
        },
      ],
    },
    {
      forgotten: 'the count by hand',
      places: [
        {
          omits: [{ edit: counted }],
          fails: [
            {
              check: 'test/decoding/deployment.test.ts',
              test: 'dialect apache has its count by hand in test/decoding/deployment-by-hand.ts',
              names: ['apache'],
            },
          ],
        },
      ],
    },
    {
      forgotten: 'a field in `sourceFields`',
      places: [
        {
          omits: mistaken(", 'ssl_client_verify_text']", ']'),
          fails: [
            {
              check: contract,
              test: 'dialect apache names in its source fields each field of a record that it reads',
              names: ['ssl_client_verify_text'],
            },
          ],
        },
      ],
    },
    {
      forgotten: 'a signal in `signals`',
      places: [
        {
          omits: mistaken("'auth_failures', 'auth_lockouts', ", "'auth_failures', "),
          fails: [
            {
              check: contract,
              test: 'dialect apache names the signals that its records move',
              names: ['auth_lockouts'],
            },
          ],
        },
      ],
    },
    {
      forgotten: 'the observer, the setup',
      places: [
        {
          omits: mistaken("observer: 'proxy'", "observer: 'apache'"),
          fails: [{ check: 'types', file, names: ['"apache"'] }],
        },
        {
          omits: mistaken("    setup: [readFiles('apache', ['/var/log/apache2/openclaw.log'])],\n", ''),
          fails: [{ check: 'types', file, names: ['setup'] }],
        },
      ],
    },
    {
      forgotten: 'a text in `prefilter`',
      places: [
        {
          omits: mistaken('\'"ssl_client_verify_text":"FAILED\', ', ''),
          fails: [
            {
              check: contract,
              test: 'dialect apache loses no claim, loss or certificate by its prefilter',
              names: ['unable to verify the first certificate'],
            },
          ],
        },
      ],
    },
    {
      forgotten: 'a mark that another dialect does not share',
      places: [
        {
          isDecisive: true,
          omits: mistaken(
            "({ client_addr: address, ssl_client_verify_text: verified }) =>\n    typeof address === 'string' && typeof verified === 'string',\n",
            "({ status }) => typeof status === 'number',\n",
          ),
          fails: [
            {
              check: contract,
              test: 'dialect apache recognises no fixture of another dialect',
              names: ['caddy'],
            },
          ],
        },
      ],
    },
    {
      forgotten: 'a word of a closed set',
      places: [
        {
          omits: [{ edit: word }],
          fails: [
            {
              check: contract,
              test: 'dialect apache takes every label from the closed set',
              names: ['"proxy"', 'apache'],
            },
          ],
        },
        {
          omits: mistaken("? 'no_certificate'", "? 'certificate_missing'"),
          fails: [{ check: 'types', file, names: ['certificate_missing'] }],
        },
      ],
    },
    {
      forgotten: 'a bound in a regular expression',
      places: [
        {
          omits: mistaken('(.{0,80})$/', '(.*)$/'),
          fails: [
            {
              check: 'test/decoding/regular-expressions.test.ts',
              test: `in ${file} looks at a bounded part of a text`,
              names: ['(.*)'],
            },
          ],
        },
      ],
    },
    {
      forgotten: 'the pages',
      places: [
        {
          omits: [{ stale: 'docs/decoders.md' }],
          fails: [{ check: 'test/tools/generate.test.ts', test: 'docs/decoders.md is up to date', names: ['apache'] }],
        },
      ],
    },
  ],
}
