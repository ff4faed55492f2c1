import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { BasicAuth, parseBasicAuth } from '../../../service/http/basic-auth.ts'
import { ThreadedPasswordCheck, TooManyComparisons } from '../../../service/http/password-check.ts'

/** `right` and the hash of cost 4 that was made of it. */
const HASH = '$2b$04$0000000000000000000000'

/** A check that counts: a hash is of the password that it ends with. */
function counting() {
  const compared: string[] = []
  const compare = async (password: string, hash: string) => {
    compared.push(hash)
    return hash.endsWith(`:${password}`)
  }
  return { compared, auth: new BasicAuth({ compare, stop: async () => {} }) }
}

describe('basic authentication', () => {
  it('remembers a verified password, and a wrong one not', async () => {
    const { compared, auth } = counting()
    const users = { alice: 'h:right' }
    for (let n = 0; n < 3; n++) expect(await auth.verify({ user: 'alice', password: 'right' }, users)).toBe(true)
    expect(compared).toHaveLength(1)
    for (let n = 0; n < 2; n++) expect(await auth.verify({ user: 'alice', password: 'wrong' }, users)).toBe(false)
    expect(compared).toHaveLength(3)
  })

  it('forgets a password whose hash was replaced', async () => {
    const { auth } = counting()
    expect(await auth.verify({ user: 'alice', password: 'right' }, { alice: 'h:right' })).toBe(true)
    expect(await auth.verify({ user: 'alice', password: 'right' }, { alice: 'h:other' })).toBe(false)
    expect(await auth.verify({ user: 'alice', password: 'right' }, {})).toBe(false)
  })

  it.each(['mallory', '__proto__', 'constructor'])('compares once for the unknown user %s, in vain', async user => {
    const { compared, auth } = counting()
    expect(await auth.verify({ user, password: 'right' }, { alice: 'h:right' })).toBe(false)
    expect(compared).toHaveLength(1)
  })

  it('reads any user and password back from the header', () => {
    const user = fc.string({ unit: 'grapheme' }).filter(text => !text.includes(':'))
    fc.assert(
      fc.property(user, fc.string({ unit: 'grapheme' }), (user, password) => {
        const header = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
        expect(parseBasicAuth(header)).toEqual({ user, password })
      }),
    )
  })

  it.each([undefined, '', 'Basic', 'Basic !', 'Bearer YTpi', 'Basic YQ=='])('finds no credentials in %j', header => {
    expect(parseBasicAuth(header)).toBeUndefined()
  })
})

describe('the password thread', () => {
  it('compares with bcrypt, refuses a flood, and works again after an end', async () => {
    const { hashSync } = await import('bcryptjs')
    const hash = hashSync('right', HASH.slice(0, 29))
    const check = new ThreadedPasswordCheck()
    expect(await check.compare('right', hash)).toBe(true)
    expect(await check.compare('wrong', hash)).toBe(false)
    const flood = await Promise.allSettled(
      Array.from({ length: 70 }, (_, index) => check.compare('wrong', hash, `198.51.100.${index % 5}`)),
    )
    const refused = flood.filter(({ status }) => status === 'rejected')
    expect(refused).toHaveLength(6)
    const ofOne = await Promise.allSettled(Array.from({ length: 20 }, () => check.compare('wrong', hash, '192.0.2.1')))
    expect(ofOne.filter(({ status }) => status === 'rejected')).toHaveLength(4)
    expect(refused.every(one => one.status === 'rejected' && one.reason instanceof TooManyComparisons)).toBe(true)
    await check.stop()
    expect(await check.compare('right', hash)).toBe(true)
    await check.stop()
  })
})
