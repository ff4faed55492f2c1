import { after, before, type Edit, type Place, type Recipe } from './recipe.ts'

const folder = 'remediation/steps/revoke/'
const executor = `${folder}executor.ts`
const registry = 'remediation/steps/registry.ts'
const executors = 'remediation/steps/executors.ts'
const engine = 'remediation/engine.ts'
const config = 'remediation/config.ts'
const fixtures = 'test/remediation/steps/fixtures.ts'
const contract = 'test/remediation/steps/contract.test.ts'

const imported = after(
  registry,
  "import { request } from './request/step.ts'\n",
  "import { revoke } from './revoke/step.ts'\n",
)
const registered: Edit = {
  file: registry,
  find: 'stepKinds = { block, request }',
  put: 'stepKinds = { block, request, revoke }',
}
const connected = after(
  executors,
  '  request: (context, services) => new RequestExecutor(context, services),\n',
  '  revoke: (context, services) => new RevokeExecutor(context, services),\n',
)
const service = before(
  engine,
  '    runNft: options.runNft,\n    destinations,\n',
  '    revocation: config.revocation,\n',
)
const fixtureOfKind: Edit = { file: fixtures, find: '= { block, request }\n', put: '= { block, request, revoke }\n' }
const row = after(
  'docs/remediation.md',
  '| `request` | sends one HTTP request to a destination | when all other steps have ended | – | `sent`, `retried`, `dead` |\n',
  '| `revoke` | puts the address on the list of the identity provider that ends its sessions | at once | – | `applied`, `failed` (each failed attempt) |\n',
)

/** Something wrong in the executor that one test of the contract finds. */
const found = (test: string, find: string, put: string, names: readonly string[] = []): Place => ({
  omits: [{ mistake: { file: executor, find, put } }],
  fails: [{ check: contract, test: `a step of kind revoke ${test}`, names }],
})
const decisive = (place: Place): Place => ({ ...place, isDecisive: true })

export const step: Recipe = {
  kind: 'remediation step',
  member: 'revoke',
  called: ['revoke'],
  edits: [
    imported,
    registered,
    after(
      executors,
      "import { RequestExecutor, type RequestServices } from './request/executor.ts'\n",
      "import { RevokeExecutor, type RevokeServices } from './revoke/executor.ts'\n",
    ),
    {
      file: executors,
      find: 'extends BlockServices, RequestServices {}',
      put: 'extends BlockServices, RequestServices, RevokeServices {}',
    },
    connected,
    service,
    after(
      config,
      "import { createStepRegistry, type StepRegistry } from './steps/registry.ts'\n",
      "import { revocationSchema } from './steps/revoke/config.ts'\n",
    ),
    after(config, '      firewall: firewallSchema,\n', '      revocation: revocationSchema,\n'),
    before(
      fixtures,
      '/** A fixture for each shipped kind. */',
      `/** An identity provider with a list of addresses whose sessions are revoked. */
class Provider implements World {
  readonly revoked: Set<string>
  answer: Answer = 'well'
  boundary = () => {}
  #waiting: (() => void)[] = []

  constructor(revoked: Iterable<string> = []) {
    this.revoked = new Set(revoked)
  }

  readonly setup: Partial<RemediationSetup> = {
    fetch: async (url, { method } = {}) => {
      const address = String(url)
      if (method === 'GET') return new Response('', { status: this.revoked.has(address) ? 200 : 404 })
      this.boundary()
      if (this.answer === 'silent') await new Promise<void>(resolve => this.#waiting.push(resolve))
      if (this.answer === 'later') return new Response('', { status: 503 })
      if (this.answer === 'never') return new Response('', { status: 403 })
      if (method === 'PUT') this.revoked.add(address)
      if (method === 'DELETE') this.revoked.delete(address)
      this.boundary()
      return new Response('')
    },
  }

  count = () => this.revoked.size

  release(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}

const revoke: StepFixture<Provider> = {
  step: { type: 'revoke' },
  config: { revocation: { url: 'https://identity.example/sessions/' } },
  timeout: 200,
  createWorld: of => new Provider(of?.revoked),
  refused: 'nobody',
  canFail: true,
  atMost: 1,
  canUndo: true,
}

`,
    ),
    fixtureOfKind,
    row,
    after(
      'CHANGELOG.md',
      '## Unreleased\n\n',
      '* [FEATURE] Remediation: the step `revoke` ends the sessions of an address at the identity provider.\n',
    ),
  ],
  passes: [],
  rows: [
    {
      forgotten: 'the kind in `stepKinds`',
      places: [
        {
          isDecisive: true,
          omits: [{ edit: imported }, { edit: registered }],
          fails: [{ check: 'types', file: executors, names: ["'revoke'"] }],
        },
      ],
    },
    {
      forgotten: 'the executor in `connectShipped`',
      places: [
        { omits: [{ edit: connected }], fails: [{ check: 'types', file: executors, names: ["'revoke'", 'missing'] }] },
      ],
    },
    {
      forgotten: 'a service in `connectSteps`',
      places: [{ omits: [{ edit: service }], fails: [{ check: 'types', file: engine, names: ["'revocation'"] }] }],
    },
    {
      forgotten: 'the fixture',
      places: [
        {
          omits: [{ edit: fixtureOfKind }],
          fails: [{ check: 'types', file: fixtures, names: ["'revoke'", 'missing'] }],
        },
      ],
    },
    {
      forgotten: '`connections`',
      places: [
        {
          omits: [
            { mistake: { file: executor, find: '  readonly connections: readonly StepConnection[]\n', put: '' } },
            {
              mistake: {
                file: executor,
                find: "    this.connections = url === undefined ? [] : [{ name: 'identity provider', url }]\n",
                put: '',
              },
            },
          ],
          fails: [{ check: 'types', file: executor, names: ["'connections'"] }],
        },
      ],
    },
    {
      forgotten: 'a host in `connections`',
      places: [
        found('connects only to hosts that it declares', "[{ name: 'identity provider', url }]", '[]', [
          'identity.example',
        ]),
      ],
    },
    {
      forgotten: 'a result that is not true, an effect that is doubled or lost',
      places: [
        decisive(found('that fails is pending with a reason', '(isFinal ? giveUp : tryAgain)(', 'done(')),
        decisive(
          found(
            'is done once when the process ends between any two writes',
            'encodeURIComponent(plan.target)',
            "method === 'PUT' ? crypto.randomUUID() : encodeURIComponent(plan.target)",
          ),
        ),
        found('can be undone', "return this.#request('DELETE', step)", "return this.#request('GET', step)"),
      ],
    },
    {
      forgotten: 'a `.describe()`',
      places: [
        {
          omits: [
            {
              mistake: {
                file: `${folder}config.ts`,
                find: "\n      .describe('The list of revoked addresses of the identity provider: `PUT` and `DELETE` of an address below it.')",
                put: '',
              },
            },
          ],
          fails: [
            {
              check: 'test/docs/pages.test.ts',
              test: 'has a description that is a sentence',
              names: ['remediation.revocation.url'],
            },
          ],
        },
      ],
    },
    {
      forgotten: 'the configuration page',
      places: [
        {
          omits: [{ stale: 'docs/configuration.md' }],
          fails: [
            {
              check: 'test/tools/generate.test.ts',
              test: 'docs/configuration.md is up to date',
              names: ['revocation'],
            },
          ],
        },
      ],
    },
    {
      forgotten: 'the row in `docs/remediation.md`',
      places: [
        {
          omits: [{ edit: row }],
          fails: [
            {
              check: 'test/docs/steps.test.ts',
              test: 'docs/remediation.md has a row for the step revoke',
              names: ['`revoke`'],
            },
          ],
        },
      ],
    },
  ],
}
