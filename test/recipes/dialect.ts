import { after, before, type Edit, type Omission, type Recipe } from './recipe.ts'

const file = 'decoding/dialects/haproxy/dialect.ts'
const registry = 'decoding/registry.ts'
const labels = 'core/labels/transport.ts'
const fixtures = 'test/decoding/dialect-fixtures.ts'
const contract = 'test/decoding/contract.test.ts'

const imported = before(
  registry,
  "import { keycloakElasticDialect } from './dialects/keycloak/elastic-document.ts'\n",
  "import { haproxyDialect } from './dialects/haproxy/dialect.ts'\n",
)
const registered = after(registry, '  nginxErrorDialect,\n  ecsDialect,\n', '  haproxyDialect,\n')
const lines = before(
  fixtures,
  '  ecs: {\n    documents: [',
  `  haproxy: {
    lines: [...captured('haproxy/requests-and-handshakes.real.jsonl'), ...captured('haproxy/synthetic.jsonl')],
    quiet: text => JSON.stringify({ ...quietProxyRequest, path: text }),
  },
`,
)
const word: Edit = {
  file: labels,
  find: "proxies = ['nginx'] as const",
  put: "proxies = ['nginx', 'haproxy'] as const",
}

const mistaken = (find: string, put: string): readonly Omission[] => [{ mistake: { file, find, put } }]

export const dialect: Recipe = {
  kind: 'dialect',
  member: 'haproxy',
  called: ['haproxy'],
  edits: [
    imported,
    registered,
    before(
      fixtures,
      '\n/** The fixtures of every dialect, by its name. */',
      `const quietProxyRequest = {
  log: 'request',
  ts: 1_795_884_366.078,
  client: '203.0.113.9',
  status: 200,
  ssl_c_used: 0,
  ssl_c_verify: '0',
  ssl_c_err: 0,
}
`,
    ),
    lines,
    word,
  ],
  passes: ['test/decoding/dialects/haproxy/dialect.test.ts' as const],
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
              names: ['haproxy'],
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
          fails: [{ check: contract, test: 'dialect haproxy has fixtures', names: [] }],
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
                find: '    quiet: text => JSON.stringify({ ...quietProxyRequest, path: text }),\n',
                put: '',
              },
            },
          ],
          fails: [
            {
              check: contract,
              test: 'dialect haproxy is not undecoded where a text of another dialect is in its own free text',
              names: ['dialect haproxy has no quiet fixture'],
            },
          ],
        },
      ],
    },
    {
      forgotten: 'a field in `sourceFields`',
      places: [
        {
          omits: mistaken("    'ssl_c_err',\n", ''),
          fails: [
            {
              check: contract,
              test: 'dialect haproxy names in its source fields each field of a record that it reads',
              names: ['ssl_c_err'],
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
              test: 'dialect haproxy names the signals that its records move',
              names: ['auth_lockouts'],
            },
          ],
        },
      ],
    },
    {
      forgotten: 'a text in `prefilter`',
      places: [
        {
          omits: mistaken('\'"log":"error"\', ', ''),
          fails: [
            {
              check: contract,
              test: 'dialect haproxy loses no claim, loss or certificate by its prefilter',
              names: ['peer did not return a certificate'],
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
            "({ log, ssl_c_verify: verified, ssl_c_err: code }) =>\n    (log === 'request' || log === 'error') && typeof verified === 'string' && typeof code === 'number',\n",
            "({ ts }) => typeof ts === 'number',\n",
          ),
          fails: [
            {
              check: contract,
              test: 'dialect haproxy recognises no fixture of another dialect',
              names: ['security-event'],
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
              test: 'dialect haproxy takes every label from the closed set',
              names: ['"proxy"', 'haproxy'],
            },
          ],
        },
        {
          omits: mistaken("[401, 'http_401']", "[401, 'http_unauthorised']"),
          fails: [{ check: 'types', file, names: ['http_unauthorised'] }],
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
          fails: [{ check: 'test/tools/generate.test.ts', test: 'docs/decoders.md is up to date', names: ['haproxy'] }],
        },
      ],
    },
  ],
}
