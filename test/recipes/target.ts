import { after, type Failure, type Recipe } from './recipe.ts'

const registry = 'policy/compile/registry.ts'
const models = 'test/policy/compile/models/registry.ts'
const file = 'policy/compile/pf/target.ts'
const contract = 'test/policy/compile/contract.test.ts'
const decisions = 'test/policy/compile/same-decisions.test.ts'

const mistake = (find: string, put: string) => ({ mistake: { file, find, put } })
const fails = (test: string, ...names: readonly string[]): Failure => ({
  check: contract,
  test: `the target pf ${test}`,
  names,
})

const registration = after(
  registry,
  "import { nftables } from './nftables/target.ts'\n",
  "import { pf } from './pf/target.ts'\n",
)
const entry = {
  file: registry,
  find: '[cilium, calico, kubernetes, nftables]',
  put: '[cilium, calico, kubernetes, nftables, pf]',
}
const modelImport = after(
  models,
  "import { kubernetesModel } from './kubernetes.ts'\n",
  "import { pfModel } from './pf.ts'\n",
)
const model = after(
  models,
  "  nftables: { test: 'test/stack/policy/nftables.test.ts' },\n",
  '  pf: { model: pfModel },\n',
)

/** Policies are compiled for the packet filter of OpenBSD. */
export const target: Recipe = {
  kind: 'compile target',
  member: 'pf',
  called: ['pf'],
  edits: [registration, entry, modelImport, model],
  passes: [contract, decisions],
  rows: [
    {
      forgotten: 'the entry in `registry.ts`',
      places: [
        {
          isDecisive: true,
          omits: [{ edit: registration }, { edit: entry }],
          fails: [{ check: 'unused', file, names: [] }],
        },
      ],
    },
    {
      forgotten: 'what holds it to the evaluator',
      places: [
        {
          isDecisive: true,
          omits: [{ edit: model }],
          fails: [
            {
              check: contract,
              test: 'each target is held to the evaluator, and no test holds one that is gone',
              names: ['"pf"'],
            },
          ],
        },
      ],
    },
    {
      forgotten: 'a part of a rule, of which there is no loss either',
      places: [
        {
          omits: [mistake("if (ports.length === 0) return [['', '']]", "if (ports.length < 2) return [['', '']]")],
          fails: [
            {
              check: decisions,
              test: 'pf, by an independent model of what it documents decides like the evaluator, but for the losses that it lists',
              names: ['pf'],
            },
          ],
        },
      ],
    },
    {
      forgotten: 'a part in `expresses` that has losses',
      places: [
        {
          omits: [mistake("'port', 'transport'])", "'port', 'transport', 'time'])")],
          fails: [fails('expresses the condition or property time, or has a loss that says what enforces it instead')],
        },
      ],
    },
    {
      forgotten: 'the head of the text',
      places: [
        {
          omits: [mistake('headOf(policy, pf, options, losses.all) + text', 'headOf(policy, pf, options, []) + text')],
          fails: [fails('repeats its losses and what it assumes in the head of the text')],
        },
      ],
    },
    {
      forgotten: 'the name of the rule in the text',
      places: [
        {
          omits: [mistake('labelOf(rule)', "labelOf('')")],
          fails: [fails('names in the text each rule, or a loss of it')],
        },
      ],
    },
    {
      forgotten: 'characters of a name that are structure there',
      places: [
        {
          isDecisive: true,
          omits: [mistake("name.replaceAll(/[^A-Za-z0-9 ._:/-]/g, '_').slice(0, 60)", 'name.slice(0, 60)')],
          fails: [fails('takes no name of a rule or policy for structure')],
        },
      ],
    },
    {
      forgotten: 'the day of `expires`',
      places: [
        {
          omits: [mistake('addressWays(policy, options.today,', "addressWays(policy, '1970-01-01',")],
          fails: [fails('leaves out a rule after its last day, and without a loss: it allows nothing')],
        },
      ],
    },
    {
      forgotten: 'the page and the example',
      places: [
        {
          omits: [{ stale: 'docs/policy.md' }],
          fails: [{ check: 'test/tools/generate.test.ts', test: 'docs/policy.md is up to date', names: ['pf'] }],
        },
        {
          omits: [{ stale: 'docs/examples/policy/compiled/openclaw.pf.conf' }],
          fails: [
            {
              check: 'test/tools/generate.test.ts',
              test: 'docs/examples/policy/compiled/openclaw.pf.conf is up to date',
              names: [],
            },
          ],
        },
      ],
    },
  ],
}
