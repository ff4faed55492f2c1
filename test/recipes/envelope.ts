import { after, before, type Edit, type Omission, type Recipe } from './recipe.ts'

const file = 'decoding/envelopes/vector.ts'
const registry = 'decoding/envelopes/registry.ts'
const contract = 'test/decoding/contract.test.ts'
const config = 'test/core/config/invalid/unknown-envelope.yml'

const imported = before(registry, '\n/** Every envelope of documents.', "import { vector } from './vector.ts'\n")
const registered = after(registry, '  journald,\n  ...openTelemetryCollector,\n', '  vector,\n')
const fixture = before(
  'test/decoding/envelope-fixtures.ts',
  "  'otel-text': line => (",
  `  vector: line => ({
    '@timestamp': stored['@timestamp'],
    file: path,
    host: host.name,
    labels: { clawtrust_envelope: 'vector' },
    message: line,
    source_type: 'file',
  }),
`,
)
const shipped = after(
  'test/decoding/shippers.test.ts',
  "  'syslog-ng.conf': undefined,\n",
  "  'vector.yaml': 'vector',\n",
)
const described = after(
  'docs/elasticsearch.md',
  '| [logstash.conf](../elastic/shippers/logstash.conf) | not tested | none: written from its documentation and source |\n',
  '| [vector.yaml](../elastic/shippers/vector.yaml) | not tested | none: written from its documentation |\n',
)
const sentence: Edit = {
  file: config,
  find: 'otel-raw, defenseclaw-otlp, or',
  put: 'otel-raw, vector, defenseclaw-otlp, or',
}

const mistaken = (find: string, put: string): Omission => ({ mistake: { file, find, put } })

export const envelope: Recipe = {
  kind: 'envelope',
  member: 'vector',
  called: ['vector'],
  edits: [imported, registered, fixture, shipped, described, sentence],
  passes: [],
  rows: [
    {
      forgotten: 'the entry in `registry.ts`',
      places: [
        {
          isDecisive: true,
          omits: [{ edit: imported }, { edit: registered }],
          fails: [
            { check: 'unused', file, names: [] },
            {
              check: contract,
              test: 'no fixtures are left of a dialect or an envelope that is gone',
              names: ['vector'],
            },
          ],
        },
      ],
    },
    {
      forgotten: 'the fixture',
      places: [
        {
          isDecisive: true,
          omits: [{ edit: fixture }],
          fails: [{ check: contract, test: 'envelope vector has a fixture', names: [] }],
        },
      ],
    },
    {
      forgotten: 'a second mark',
      places: [
        {
          omits: [mistaken("    { path: 'source_type', value: 'file' },\n", '')],
          fails: [{ check: 'types', file, names: ['Mark'] }],
        },
      ],
    },
    {
      forgotten: 'a mark that another shipper writes too',
      places: [
        {
          isDecisive: true,
          omits: [
            mistaken(
              "    { path: 'labels.clawtrust_envelope', value: 'vector' },\n    { path: 'source_type', value: 'file' },\n",
              "    { path: 'labels.clawtrust_envelope' },\n    { path: '@timestamp' },\n",
            ),
          ],
          fails: [
            {
              check: contract,
              test: 'envelope vector has marks that no document of another envelope has',
              names: ['fluentd', 'logstash'],
            },
          ],
        },
      ],
    },
    {
      forgotten: 'a mark that decides nothing',
      places: [
        {
          // Wherever the label is, `labels` is.
          isDecisive: true,
          omits: [mistaken("{ path: 'source_type', value: 'file' }", "{ path: 'labels' }")],
          fails: [
            {
              check: contract,
              test: 'envelope vector is not opened where one of its marks is missing',
              names: ['"labels"'],
            },
          ],
        },
      ],
    },
    {
      forgotten: 'the row of a shipped configuration',
      places: [shipped, described].map(edit => ({
        omits: [{ edit }],
        fails: [
          {
            check: 'test/decoding/shippers.test.ts',
            test: 'are known here, each with what it writes, and are on docs/elasticsearch.md',
            names: ['vector.yaml'],
          },
        ],
      })),
    },
    {
      forgotten: 'the sentence that names every envelope',
      places: [
        {
          omits: [{ edit: sentence }],
          fails: [{ check: 'test/core/config/invalid.test.ts', test: 'unknown-envelope.yml', names: ['vector'] }],
        },
      ],
    },
    {
      forgotten: 'the pages',
      places: [
        {
          omits: [{ stale: 'docs/decoders.md' }],
          fails: [{ check: 'test/tools/generate.test.ts', test: 'docs/decoders.md is up to date', names: ['vector'] }],
        },
      ],
    },
  ],
}
