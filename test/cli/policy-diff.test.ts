import { describe, expect, it } from '@jest/globals'
import { createPolicyRunner } from './run-policy.ts'
import { temporaryFolder } from './temporary-folder.ts'

const before = `policy agents
zone agents
  members: namespace=openclaw
zone databases
  members: 10.20.0.0/16
allow query
  from: zone=agents
  to: zone=databases:5432
  protocol: tcp
`
const policy = createPolicyRunner(
  temporaryFolder({
    'before.policy': before,
    'same.yml': `policy: candidate
zones:
  - name: agents
    members: namespace=openclaw
  - name: databases
    members: 10.20.0.0/16
rules:
  - name: query
    from: zone=agents
    to: zone=databases:5432
    protocol: tcp
`,
    'after.policy': `${before}  condition: device-posture=trusted\nrole reader\n  identities: a\n  may: read:logs\n`,
    'wrong.policy': 'alow x\n',
  }),
)

describe('clawtrust policy diff', () => {
  it('ends with 0 and says so where there is no difference, whatever the form and the name', async () => {
    for (const other of ['before.policy', 'same.yml']) {
      expect(await policy('diff', 'before.policy', other)).toEqual({ code: 0, out: 'No difference.\n', err: '' })
    }
  })

  it('ends with 1 where there is one, shows it in words and between zones, and counts it on standard error', async () => {
    expect(await policy('diff', 'before.policy', 'after.policy')).toEqual({
      code: 1,
      out: `~ rule query
    condition: none -> device-posture=trusted
+ role reader
    identities: a
    may: read:logs

Between zones:
  agents -> databases
    + tcp 5432 if device-posture=trusted
    - tcp 5432
`,
      err: '1 rule, 1 role, 1 pair of zones changed\n',
    })
  })

  it('is JSON with --format json, with the same exit codes', async () => {
    const { code, out } = await policy('diff', '--format', 'json', 'before.policy', 'after.policy')
    expect(code).toBe(1)
    expect(out).not.toContain('\n\n')
    expect(JSON.parse(out)).toMatchObject({
      settings: [],
      isZoneOrderChanged: false,
      rules: [{ name: 'query', kind: 'changed', words: ['condition: none -> device-posture=trusted'] }],
      matrix: [{ from: 'agents', to: 'databases' }],
    })
    const none = await policy('diff', '--format', 'json', 'before.policy', 'same.yml')
    expect([none.code, JSON.parse(none.out).rules]).toEqual([0, []])
  })

  it.each([
    [['before.policy', 'wrong.policy'], /^wrong\.policy:1:1: error: /],
    [['none.policy', 'before.policy'], /^none\.policy cannot be read \(ENOENT\)/],
  ])('ends with 2 for %j', async (files, sentence) => {
    const { code, out, err } = await policy('diff', ...files)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(sentence)
  })
})
