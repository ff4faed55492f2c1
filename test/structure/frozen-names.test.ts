import { beforeAll, expect, it } from '@jest/globals'
import type { Command } from 'commander'
import type { CliContext } from '../../cli/context.ts'
import { createProgram } from '../../cli/program.ts'
import { refusals } from '../../remediation/decision/decide.ts'
import type { Block } from '../../remediation/domain/block.ts'
import { incidentStates } from '../../remediation/domain/incident.ts'
import { stepStates } from '../../remediation/domain/step.ts'
import { commandKinds } from '../../remediation/store/commands.ts'
import { activities, dispositions, statuses } from '../../remediation/store/ocsf.ts'
import { answerFields } from './answers.ts'
import { read } from './source-files.ts'

/** `clawtrust exporter --config.file`, of every command. */
function optionsOf(command: Command, above = ''): string[] {
  const name = `${above}${command.name()}`
  return [
    ...command.options.map(({ long, short }) => `option ${name} ${long ?? short}`),
    ...command.commands.flatMap(inner => optionsOf(inner, `${name} `)),
  ]
}

/** `clawtrust_auth_failures_total{reason}`: each label of each metric, by the tables of docs/metrics.md. */
function metricsOn(page: string): string[] {
  const ofSignals = page.split('\n### ').flatMap(section => {
    const [, name] = /^`(clawtrust_\w+)`/.exec(section) ?? []
    const [table = ''] = section.split('\n#')
    const labels = [...table.matchAll(/^\| `(\w+)` \| /gm)].map(([, label]) => label)
    return name === undefined ? [] : [name, ...labels.map(label => `${name}{${label}}`)]
  })
  const others = [...page.matchAll(/^\| `(clawtrust_\w+)` \| \w+ \| ([^|]*) \|/gm)].flatMap(([, name, labels = '']) => [
    `${name}`,
    ...[...labels.matchAll(/`(\w+)`/g)].map(([, label]) => `${name}{${label}}`),
  ])
  return [...new Set([...ofSignals, ...others])].map(name => `metric ${name}`)
}

const firstCells = (kind: string, page: string) =>
  [...page.matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => `${kind} ${name}`)

const blockStates: Readonly<Record<Block['state'], true>> = { wanted: true, applied: true }
const numbered = (table: Readonly<Record<string, number>>) =>
  Object.entries(table).map(([name, number]) => `${name} ${number}`)

/** `ledger incident blocked`: the values that the rows and the audit records hold. */
const ledgerValues = () =>
  Object.entries({
    incident: incidentStates,
    step: stepStates,
    block: Object.keys(blockStates),
    command: commandKinds,
    refusal: refusals,
    activity: numbered(activities),
    status: numbered(statuses),
    disposition: numbered(dispositions),
  }).flatMap(([kind, values]) => values.map(value => `ledger ${kind} ${value}`))

/** All of these pages but package.json are made from the code, which test/tools/generate.test.ts checks. */
const names = async (): Promise<string[]> => [
  ...firstCells('key', read('docs/configuration.md')),
  ...metricsOn(read('docs/metrics.md')),
  ...firstCells('error', read('docs/errors.md')),
  ...optionsOf(await createProgram({ version: '1.2.3' } as CliContext)),
  ...Object.keys(JSON.parse(read('package.json')).exports).map(name => `export ${name}`),
  ...ledgerValues(),
  ...(await answerFields()),
]

/** What went with its meaning, and why; everything else of 0.2.0 is kept. */
const gone: Readonly<Record<string, RegExp>> = {
  'the views of the scorer are values, and the blocks of 20 minutes are none of them any more':
    /^answer GET \/api\/v1\/explain explanation\.(?:block(?:\.\w+)?|contributions\.\w+)$/,
}
const isGone = (name: string) => Object.values(gone).some(names => names.test(name))

let known: ReadonlySet<string>
beforeAll(async () => {
  known = new Set(await names())
})

it.each(['key', 'metric', 'error', 'option', 'export', 'ledger', 'answer'])(
  'has every %s of 0.2.0: none is removed or renamed',
  kind => {
    const frozen = read('test/structure/names-of-0.2.0.txt').split('\n')
    const ofKind = frozen.filter(line => line.startsWith(`${kind} `))
    expect(ofKind).not.toEqual([])
    expect(ofKind.filter(name => !known.has(name) && !isGone(name))).toEqual([])
  },
)

it.each(Object.entries(gone))('says what went: %s', (_, names) => {
  const frozen = read('test/structure/names-of-0.2.0.txt').split('\n')
  expect(frozen.filter(name => names.test(name) && !known.has(name))).not.toEqual([])
})
