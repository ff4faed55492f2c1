import { after, before, type Edit, type Place, type Recipe } from './recipe.ts'

const file = 'exporter/sources/journal/source.ts'
const kind = 'exporter/sources/journal/kind.ts'
const registry = 'exporter/sources/registry.ts'
const fixtures = 'test/exporter/sources/source-fixtures.ts'
const contract = 'test/exporter/sources/contract.test.ts'
const generate = 'test/tools/generate.test.ts'
const invalid = 'test/core/config/invalid'

const imported = before(
  registry,
  "import { otlpSource } from './otlp/kind.ts'\n",
  "import { journalSource } from './journal/kind.ts'\n",
)
const registered: Edit = {
  file: registry,
  find: '  wireguardSource,\n  recordingSource,\n] as const',
  put: '  wireguardSource,\n  recordingSource,\n  journalSource,\n] as const',
}
const fixture = before(
  fixtures,
  '\n/** One for each kind: without it this does not compile. */',
  `
/** An entry of the journal whose message is a line of the log. */
const entry = (number: number) =>
  \`\${JSON.stringify({
    __CURSOR: \`s=1;i=\${number}\`,
    __REALTIME_TIMESTAMP: '1795392000000000',
    _HOSTNAME: 'gw',
    _SYSTEMD_UNIT: 'openclaw-gateway.service',
    MESSAGE: captured[number],
  })}\\n\`

const journal: SourceFixture = {
  keys: { file: 'journal.json' },
  paths: { file: '/etc/journal.json' },
  records: 5,
  added: 2,
  async open() {
    const folder = await mkdtemp(join(tmpdir(), 'clawtrust-source-'))
    const path = join(folder, 'journal.json')
    await writeFile(path, [0, 1, 2, 3, 4].map(entry).join(''))
    return {
      clock: { now: () => Date.now(), monotonic: () => performance.now() },
      make: create => create({ file: path }, {}),
      grow: () => appendFile(path, entry(5) + entry(6)),
      outage: {
        begin: () => rename(path, join(folder, 'away')),
        end: () => rename(join(folder, 'away'), path),
      },
      close: () => rm(folder, { recursive: true }),
    }
  },
}
`,
)
const fixtureOfKind: Edit = {
  file: fixtures,
  find: '  wireguard,\n  recording,\n}\n',
  put: '  wireguard,\n  recording,\n  journal,\n}\n',
}
const limits = after(
  'docs/sources.md',
  'The same seed and start give the same demo.\n',
  `
## journal

Follows a file to which \`journalctl --follow --output json\` writes. An entry counts when its line ends with a newline. A file that became shorter is read from its beginning.

What cannot be detected: entries that were written and truncated away between two looks (every 50 ms), and a file that was truncated and is as long again as before.
`,
)
const sentences: readonly Edit[] = ['unknown-source-type.yml', 'source-without-type.yml'].map(name => ({
  file: `${invalid}/${name}`,
  find: '"wireguard", "recording"',
  put: '"wireguard", "recording", "journal"',
}))

/** Something wrong in the source that one test of the contract finds. */
const found = (test: string, find: string, put: string, names: readonly string[] = [], where = file): Place => ({
  omits: [{ mistake: { file: where, find, put } }],
  fails: [{ check: contract, test: `the source journal ${test}`, names }],
})
const decisive = (place: Place): Place => ({ ...place, isDecisive: true })

export const source: Recipe = {
  kind: 'source',
  member: 'journal',
  called: ['journal'],
  edits: [imported, registered, fixture, fixtureOfKind, limits, ...sentences],
  passes: ['test/exporter/sources/journal/source.test.ts'],
  rows: [
    {
      forgotten: 'the entry in `registry.ts`',
      places: [
        {
          isDecisive: true,
          omits: [{ edit: imported }, { edit: registered }],
          fails: [
            { check: 'unused', file: kind, names: [] },
            { check: 'types', file: fixtures, names: ['journal'] },
          ],
        },
      ],
    },
    {
      forgotten: 'the fixture',
      places: [{ omits: [{ edit: fixtureOfKind }], fails: [{ check: 'types', file: fixtures, names: ["'journal'"] }] }],
    },
    {
      forgotten: '`resolvePaths`',
      places: [
        found(
          'takes its relative paths from the folder of the configuration',
          'resolvePaths: (config, absolute) => ({ ...config, file: absolute(config.file) })',
          'resolvePaths: config => config',
          ['/etc/journal.json'],
          kind,
        ),
      ],
    },
    {
      forgotten: 'a key of the schema that `create` does not use',
      places: [
        found(
          'uses each key of its section',
          'create({ name, file, unit, gateway }, { clock }) {',
          'create({ name, file, gateway }, { clock }, unit?: string) {',
          ['"unit"'],
          kind,
        ),
      ],
    },
    {
      forgotten: 'the gateway, an id that stays the same, the form in which a dialect finds the record',
      places: [
        found('hands on records that a dialect recognises', ', ...(gateway !== undefined && { gateway })', '', [
          'edge-1',
        ]),
        found('hands on records that a dialect recognises', 'String(fields.__CURSOR)', 'crypto.randomUUID()'),
        found('hands on records that a dialect recognises', 'body: line,', 'body: JSON.stringify({ entry: line }),', [
          '"none"',
        ]),
      ],
    },
    {
      forgotten: 'a cursor that covers more or less than was yielded',
      places: [
        decisive(found('resumes after a restart at its cursor', 'value: end }', 'value: end + 1 }')),
        decisive(found('resumes after a restart at its cursor', 'value: end }', 'value: 0 }')),
      ],
    },
    {
      forgotten: 'a watermark that falls',
      places: [
        decisive(
          found('reads until it is stopped', 'watermark = Math.max(watermark, upTo)', 'watermark = 3e12 - upTo'),
        ),
      ],
    },
    {
      forgotten: 'a watermark that does not follow the clock at the end',
      places: [
        found(
          'moves its watermark on while nothing is added',
          'isAtEnd ? clock.now() - LAG_MS : Math.min(Number(last ?? 0) / 1_000, clock.now())',
          'Math.min(Number(last ?? 0) / 1_000, clock.now())',
        ),
      ],
    },
    {
      forgotten: 'the signal that stops it',
      places: [
        {
          isDecisive: true,
          omits: [
            { mistake: { file, find: 'while (!signal.aborted)', put: 'for (;;)' } },
            { mistake: { file, find: 'timer(POLL_MS, undefined, { signal })', put: 'timer(POLL_MS)' } },
          ],
          fails: [
            {
              check: contract,
              test: 'the source journal ends when it is stopped while it waits for its input',
              names: [],
            },
          ],
        },
      ],
    },
    {
      forgotten: 'an outage of the input that `health` does not report, or that ends the reading',
      places: [
        found(
          'reports by its health that its input is unavailable',
          'chunk === undefined ? { up: false,',
          'chunk === undefined ? { up: true,',
        ),
        found(
          'reports by its health that its input is unavailable',
          '.catch(() => undefined)\n        health',
          '\n        health',
          ['ENOENT'],
        ),
      ],
    },
    {
      forgotten: 'the section in docs/sources.md',
      places: [
        {
          omits: [{ edit: limits }],
          fails: [
            { check: contract, test: 'the source journal has a section in docs/sources.md', names: ['## journal'] },
          ],
        },
      ],
    },
    {
      forgotten: 'the sentences that name every type',
      places: sentences.map(edit => ({
        omits: [{ edit }],
        fails: [
          {
            check: 'test/core/config/invalid.test.ts',
            test: edit.file.slice(invalid.length + 1),
            names: ['journal'],
          },
        ],
      })),
    },
    {
      forgotten: 'the pages',
      places: [
        {
          omits: [{ stale: 'docs/configuration.md' }],
          fails: [{ check: generate, test: 'docs/configuration.md is up to date', names: ['journal'] }],
        },
      ],
    },
  ],
}
