import { beforeAll, describe, expect, it } from '@jest/globals'
import type { Command } from 'commander'
import { parse } from 'yaml'
import type { CliContext } from '../../cli/context.ts'
import { policyCommand } from '../../cli/policy.ts'
import { createEvaluator } from '../../policy/decide/evaluator.ts'
import { formatPolicy } from '../../policy/language/format.ts'
import { readPolicy } from '../../policy/language/read.ts'
import { lintPolicy } from '../../policy/review/lint.ts'
import { compiledExamples, EXAMPLE } from '../../tools/docs/policy-examples.ts'
import { read, repositoryFiles } from '../structure/source-files.ts'
import { blocksOf } from './page-blocks.ts'

const page = 'docs/policy-language.md'
const blocks = blocksOf(read(page))
const texts = blocks.filter(({ text }) => text.startsWith('policy '))
const yamls = blocks.filter(({ language }) => language === 'yaml')

describe('a policy on docs/policy-language.md', () => {
  it('is there in both forms', () => expect([texts.length, yamls.length]).toEqual([1, 1]))

  it.each(texts.map(({ line, text }) => [line, text] as const))(
    'is read, and has the layout but for its comments: line %i',
    (_, text) => {
      expect(readPolicy(text, 'page', 'text').problems).toEqual([])
      const formatted = formatPolicy(`${text.trimEnd()}\n`)
      expect(formatted.ok && formatted.text).toBe(`${text.trimEnd().replace(/ +#/g, ' #')}\n`)
    },
  )

  it.each(yamls.map(({ line, text }) => [line, text] as const))('is read in YAML: line %i', (_, text) => {
    expect(readPolicy(text, 'page', 'yaml').problems).toEqual([])
  })
})

/** What a reader writes by docs/policy.md, and the whole deployment. */
const examples = [
  ...blocksOf(read('docs/policy.md'))
    .filter(({ attributes }) => attributes.file?.endsWith('.policy'))
    .map(({ text }) => ['agents.policy on docs/policy.md', text] as const),
  [EXAMPLE, read(EXAMPLE)] as const,
]

describe('an example of a policy', () => {
  it('is there twice', () => expect(examples).toHaveLength(2))

  it.each(examples)('is read, has the layout, and nothing above a note: %s', (_, text) => {
    const { policy, resolved, problems } = readPolicy(text, 'example', 'text')
    const formatted = formatPolicy(text)
    expect(formatted.ok && formatted.text).toBe(text)
    const findings = [...problems, ...lintPolicy(policy, resolved, '2026-11-30')]
    expect(findings.filter(({ level }) => level !== 'note')).toEqual([])
  })
})

describe('the policy of a whole deployment', () => {
  const { policy, resolved } = readPolicy(read(EXAMPLE), 'example', 'text')
  const { decide } = createEvaluator(resolved, { today: '2026-11-30' })

  it('has a rule as the article writes it', () => {
    expect(read(EXAMPLE)).toContain(
      '  from: service-identity=agent-controller\n  to: api.openclaw.local:443\n  protocol: https\n  condition: device-posture=trusted\n',
    )
  })

  it('has the zones of the default map, and denies what is in quarantine everything', () => {
    expect(policy.zones.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['agent-control', 'data-ingest', 'analytics', 'management-api', 'quarantine']),
    )
    const source = { address: '10.66.0.9', names: ['device.example'], isIdentified: true } as const
    for (const address of ['10.30.0.1', '10.77.0.1', '203.0.113.1', '10.66.0.8']) {
      const destination = { address, names: ['other.example'], isIdentified: true } as const
      expect(decide({ source, destination, port: 443, transport: 'tcp', devicePosture: 'trusted' }).answer).toBe('deny')
    }
  })

  it('is compiled to every target, and nothing else lies there', () => {
    const compiled = repositoryFiles().filter(file => file.startsWith('docs/examples/policy/compiled/'))
    expect(compiled.toSorted()).toEqual(Object.keys(compiledExamples(read(EXAMPLE))).toSorted())
  })
})

describe('the workflow of GitHub Actions', () => {
  const { jobs, on } = parse(read('docs/examples/policy/.github/workflows/policy.yml'))
  const steps: readonly { run?: string; uses?: string; with?: Record<string, unknown> }[] = jobs.policy.steps
  /** Commands of `clawtrust policy`, each with its options. */
  const commands = steps.flatMap(({ run = '' }) =>
    [...run.matchAll(/clawtrust policy ([a-z]+)([^\n;>|]*)/g)].map(([, name = '', rest = '']) => ({
      name,
      options: [...rest.matchAll(/ (--[a-z-]+)/g)].map(([, option]) => option),
    })),
  )
  let known: ReadonlyMap<string, Command>
  beforeAll(async () => {
    const group = await policyCommand({} as CliContext, () => true)
    known = new Map(group.commands.map(one => [one.name(), one]))
  })

  it('runs for each change of a policy', () => {
    expect(on.pull_request.paths).toEqual(['**.policy'])
    expect(jobs.policy['runs-on']).toBe('ubuntu-latest')
  })

  it('lints, tests and shadows the policy, and hands the findings over as SARIF', () => {
    expect(commands.map(({ name }) => name)).toEqual(expect.arrayContaining(['fmt', 'lint', 'test', 'shadow', 'diff']))
    const file = /--format sarif .* > (\S+)/.exec(steps.map(({ run }) => run).join('\n'))?.[1]
    const upload = steps.find(({ uses }) => uses?.startsWith('github/codeql-action/upload-sarif@'))
    expect(upload?.with?.sarif_file).toBe(file)
  })

  it('calls commands that there are, with options that they have', () => {
    expect(commands.map(({ name }) => name).filter(name => !known.has(name))).toEqual([])
    const wrong = commands.flatMap(({ name, options }) =>
      options.filter(option => !known.get(name)?.options.some(({ long }) => long === option)).map(one => [name, one]),
    )
    expect(wrong).toEqual([])
  })
})
