import { format, inspect } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { ClawtrustError } from '../../core/errors.ts'
import { Secret } from '../../core/secret.ts'

const ways: Record<string, (secret: Secret) => string> = {
  'a template': secret => `${secret}`,
  'a concatenation': secret => `token: ${String(secret)}`,
  'JSON, nested': secret => JSON.stringify({ a: [{ secret }] }),
  inspection: secret => inspect(secret, { showHidden: true }),
  'inspection, nested and deep': secret => inspect({ a: { b: [secret] } }, { depth: null, showHidden: true }),
  'the console': secret => format('%s %o %O %j', secret, secret, secret, secret),
  'an error': secret => {
    const error = new ClawtrustError('CONFIG_INVALID', `refused: ${secret}`, { cause: { secret } })
    return `${error.message} ${error.stack} ${inspect(error, { depth: null })}`
  },
  'its own properties': secret =>
    JSON.stringify([Object.entries(secret), Object.getOwnPropertyNames(secret), { ...secret }]),
}

describe('a secret', () => {
  it.each(Object.keys(ways))('is not printed by %s', way => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9]{12,40}$/), value => {
        expect(ways[way]?.(new Secret(value))).not.toContain(value)
      }),
    )
  })

  it('reads <secret> where it is printed', () => {
    const secret = new Secret('hunter2')
    expect([`${secret}`, JSON.stringify(secret), inspect(secret)]).toEqual(['<secret>', '"<secret>"', '<secret>'])
  })

  it('gives its value only when it is revealed', () => {
    expect(new Secret('hunter2').reveal()).toBe('hunter2')
  })
})
