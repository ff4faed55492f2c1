import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { createPolicyRunner } from './run-policy.ts'
import { temporaryFolder } from './temporary-folder.ts'

const unformatted = 'zone a members: namespace=a # the first\nallow from: zone=a to: b.local:443 owner: team'
const formatted =
  'zone a\n  members: namespace=a # the first\n\nallow\n  from: zone=a\n  to: b.local:443\n  owner: team\n'

const folder = temporaryFolder({
  'right.policy': formatted,
  'unformatted.policy': unformatted,
  'wide.policy': 'allow x\n  from: any\n  to: b.local:443\n  owner: team\n',
  'open.policy': 'allow x\n  from: any\n  to: any\n  owner: team\n',
  'note.policy': 'allow x\n  from: a.local\n  to: b.local:443\n',
  'wrong.policy': 'alow x\nallow y\n  from: zone=none\n  to: any:443\n',
  'large.policy': ' '.repeat(5_000_000),
  'a.yml': 'policy: a\nrules:\n  - { name: x, from: a.local, to: "b.local:443", owner: team }\n',
})

const policy = createPolicyRunner(folder)
const read = (name: string) => readFileSync(join(folder, name), 'utf8')

describe('clawtrust policy fmt', () => {
  it('names with --check what does not have the layout, writes nothing, and ends with 1', async () => {
    expect(await policy('fmt', '--check', 'right.policy', 'unformatted.policy')).toEqual({
      code: 1,
      out: 'unformatted.policy\n',
      err: 'These policies do not have the layout; run clawtrust policy fmt unformatted.policy\n',
    })
    expect(read('unformatted.policy')).toBe(unformatted)
  })

  it('writes nothing where one of the files has an error', async () => {
    const { code, out, err } = await policy('fmt', 'unformatted.policy', 'wrong.policy')
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toContain(
      'wrong.policy:1:1: error: alow is no keyword and no key; did you mean "allow"? [syntax]\n 1 | alow x\n',
    )
    expect(read('unformatted.policy')).toBe(unformatted)
  })

  it('writes the layout, and nothing the second time', async () => {
    expect(await policy('fmt', 'right.policy', 'unformatted.policy')).toEqual({
      code: 0,
      out: 'unformatted.policy\n',
      err: '',
    })
    expect(read('unformatted.policy')).toBe(formatted)
    expect(await policy('fmt', 'unformatted.policy')).toEqual({ code: 0, out: '', err: '' })
    expect(await policy('fmt', '--check', 'unformatted.policy')).toEqual({ code: 0, out: '', err: '' })
  })

  it.each([
    [
      'a.yml',
      'a.yml is in YAML, and the layout is that of the text form; convert it with clawtrust policy convert a.yml\n',
    ],
    ['large.policy', 'large.policy is larger than 4 MiB; is this the right file?\n'],
    ['nowhere.policy', 'nowhere.policy cannot be read (ENOENT); check the path and its permissions\n'],
  ])('refuses %s with a sentence, and ends with 2', async (file, sentence) => {
    expect(await policy('fmt', file)).toEqual({ code: 2, out: '', err: sentence })
  })
})

describe('clawtrust policy lint', () => {
  it.each([
    ['right.policy', [], 0],
    ['a.yml', [], 0],
    ['note.policy', [], 0],
    ['note.policy', ['--fail-on', 'note'], 1],
    ['wide.policy', [], 1],
    ['wide.policy', ['--fail-on', 'error'], 0],
    ['open.policy', ['--fail-on', 'error'], 1],
    ['wrong.policy', ['--fail-on', 'error'], 2],
  ] as const)('of %s with %j ends with %i', async (file, options, code) => {
    expect((await policy('lint', ...options, file)).code).toBe(code)
  })

  it('shows each finding with its line, and counts them on standard error', async () => {
    expect(await policy('lint', 'wide.policy', 'note.policy')).toEqual({
      code: 1,
      out: `wide.policy:2:9: warning: x allows every source; name the service identities or zones that need it [any-source]
 2 |   from: any
   |         ^^^
note.policy:1:1: note: x has no owner; add who can say whether it is needed: owner: TEAM [missing-owner]
 1 | allow x
   | ^^^^^^^
`,
      err: '1 warning, 1 note\n',
    })
  })

  it('gives them as JSON', async () => {
    const { out } = await policy('lint', '--format', 'json', 'wrong.policy')
    expect(JSON.parse(out)).toEqual([
      {
        file: 'wrong.policy',
        line: 1,
        column: 1,
        endLine: 1,
        endColumn: 5,
        level: 'error',
        kind: 'syntax',
        message: 'alow is no keyword and no key; did you mean "allow"?',
        suggestion: 'allow',
      },
    ])
  })

  it('gives them as SARIF', async () => {
    const { out } = await policy('lint', '--format', 'sarif', 'wrong.policy', 'right.policy')
    const { version, runs } = JSON.parse(out)
    expect(version).toBe('2.1.0')
    expect(runs[0].tool.driver).toMatchObject({ name: 'clawtrust policy lint', semanticVersion: '1.2.3' })
    expect(runs[0].results[0]).toMatchObject({ ruleId: 'syntax', level: 'error' })
  })
})

describe('clawtrust policy convert', () => {
  it('prints the other form, or the one that is asked for', async () => {
    const text = 'policy a\n\nallow x\n  from: a.local\n  to: b.local:443\n  owner: team\n'
    expect(await policy('convert', 'a.yml')).toEqual({ code: 0, out: text, err: '' })
    const yaml = 'policy: note\nrules:\n  - name: x\n    from: a.local\n    to: b.local:443\n'
    expect(await policy('convert', 'note.policy')).toEqual({ code: 0, out: yaml, err: '' })
    expect((await policy('convert', 'note.policy', '--to', 'text')).out).toBe(`policy note\n\n${read('note.policy')}`)
  })

  it('refuses a policy with errors', async () => {
    expect((await policy('convert', 'wrong.policy')).code).toBe(2)
  })
})
