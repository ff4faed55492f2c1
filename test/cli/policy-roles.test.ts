import { describe, expect, it } from '@jest/globals'
import { createPolicyRunner } from './run-policy.ts'
import { temporaryFolder } from './temporary-folder.ts'

const folder = temporaryFolder({
  'roles.policy': `role threat-hunt may read:logs
  identities: hunter-*
  condition: device-posture=trusted
`,
  'wrong.policy': 'role threat-hunt may read:logs\n',
  'clawtrust.yml': `identity_roles:
  - {role: threat-hunt, identities: ['~hunter-.*'], scopes: [read:logs]}
  - {role: node, identities: ['~.*/node'], scopes: []}
`,
  'wrong.yml': 'identity_roles:\n  - {role: threat-hunt}\n',
})

const policy = createPolicyRunner(folder)
const roles = (...args: readonly string[]) => policy('roles', ...args)

describe('clawtrust policy roles', () => {
  it('prints section identity_roles, and on standard error what that cannot express', async () => {
    expect(await roles('roles.policy')).toEqual({
      code: 0,
      out: 'identity_roles:\n  - role: threat-hunt\n    identities:\n      - ~hunter-.*\n    scopes:\n      - read:logs\n',
      err: 'role threat-hunt (wider): identity_roles has no conditions: the scopes count as allowed without device-posture=trusted; enforce it at the identity provider\n',
    })
  })

  it('reads it back', async () => {
    const { code, out, err } = await roles('--from', 'clawtrust.yml')
    expect({ code, out }).toEqual({
      code: 0,
      out: 'policy roles\n\nrole threat-hunt\n  identities: hunter-*\n  may: read:logs\n',
    })
    expect(err.split('\n')).toHaveLength(3)
  })

  it.each([
    [
      ['--scope', 'read:logs', '--identity', 'hunter-1', '--device-posture', 'trusted'],
      0,
      'allow, by role threat-hunt\n',
    ],
    [
      ['--scope', 'read:logs', '--identity', 'hunter-1'],
      1,
      'unknown, by role threat-hunt; it depends on device-posture\n',
    ],
    [['--scope', 'read:logs'], 1, 'unknown; it depends on source.identity\n'],
    [
      [
        '--scope',
        'read:logs',
        '--identity',
        'other',
        '--time',
        '2026-11-30T10:00:00Z',
        '--address',
        '10.0.0.1',
        '--authentication',
        'mutual',
      ],
      1,
      'deny\n',
    ],
  ])('answers %j with %i', async (options, code, out) => {
    expect(await roles('roles.policy', ...options)).toMatchObject({ code, out })
  })

  it.each([
    [[]],
    [['roles.policy', '--from', 'clawtrust.yml']],
    [['wrong.policy']],
    [['nowhere.policy']],
    [['--from', 'wrong.yml']],
    [['--from', 'nowhere.yml']],
    [['roles.policy', '--scope', 'a', '--time', 'today']],
    [['roles.policy', '--scope', 'a', '--time', '2026-02-30T10:00:00Z']],
    [['roles.policy', '--scope', 'a', '--address', '10.0.0.0/8']],
  ])('refuses %j with 2, and prints nothing', async args => {
    expect(await roles(...args)).toMatchObject({ code: 2, out: '' })
  })
})
