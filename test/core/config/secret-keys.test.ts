import { inspect } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { parseConfig } from '../../../core/config/parse.ts'
import { formatProblem } from '../../../core/config/problem.ts'
import { refuseBothSecretKeys, secretKeys } from '../../../core/config/secret-keys.ts'
import { Secret } from '../../../core/secret.ts'

const schema = z
  .strictObject({ ...secretKeys('password', 'The password.') })
  .superRefine(refuseBothSecretKeys('password'))

const sentences = (text: string) => {
  const result = parseConfig(schema, text, 'f.yml')
  return result.ok ? [] : result.problems.map(formatProblem)
}

describe('a secret in the configuration', () => {
  it('is hidden as soon as it is read', () => {
    const result = parseConfig(schema, 'password: hunter2', 'f.yml')
    expect(result.ok && result.config.password).toBeInstanceOf(Secret)
    expect(inspect(result, { depth: null }) + JSON.stringify(result)).not.toContain('hunter2')
  })

  it('may stand in a file instead', () => {
    expect(parseConfig(schema, 'password_file: /run/secrets/password', 'f.yml')).toMatchObject({
      ok: true,
      config: { password_file: '/run/secrets/password' },
    })
  })

  it('may not be given both ways', () => {
    expect(sentences('password: hunter2\npassword_file: /p')).toEqual([
      'f.yml:2: password_file conflicts with password; remove one of the two',
    ])
  })

  it('is not quoted where it has the wrong type', () => {
    expect(sentences('password: 271828')).toEqual(['f.yml:1: password must be text, but is a number; put it in quotes'])
    expect(sentences('password: [hunter2]')).toEqual([
      'f.yml:1: password must be text, but is a list; remove the dash or the brackets',
    ])
    expect(sentences('pasword: hunter2')).toEqual(['f.yml:1: pasword is not a known key; did you mean "password"?'])
  })
})
