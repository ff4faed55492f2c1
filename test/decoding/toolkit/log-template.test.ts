import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { templateOfFields, templateOfText } from '../../../decoding/toolkit/log-template.ts'
import { codePoint } from '../../code-point.ts'
import { realLines } from '../fixtures.ts'

/** Two letters at a time, so that it is pronounced like a word and is no word of a log. */
const syllables = fc.array(fc.constantFrom('zo', 'qua', 'xi', 'vu', 'jo', 'wey'), { minLength: 3, maxLength: 5 })
const name = syllables.map(parts => parts.join(''))
const lettersAndDigits = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/_-']
const random = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...lettersAndDigits), minLength, maxLength })
const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length })

/** What may not survive, with the text of a record in which it is. */
interface Hidden {
  readonly secrets: readonly string[]
  readonly text: string
}
const alone = (secret: fc.Arbitrary<string>): fc.Arbitrary<Hidden> => secret.map(text => ({ secrets: [text], text }))

const hidden: fc.Arbitrary<Hidden> = fc.oneof(
  alone(fc.ipV4()),
  alone(fc.ipV4().map(address => `${address}:18789`)),
  alone(fc.ipV6().filter(address => address.length > 3)),
  alone(fc.uuid()),
  alone(fc.oneof(hex(12), hex(32), hex(64)).filter(text => text.length > 6)),
  alone(random(17, 80)),
  alone(random(14, 40).map(text => `ghp_${text}`)),
  alone(random(4, 40).map(text => `sk-${text}9`)),
  alone(name.map(user => `${user}@example.test`)),
  alone(name.map(host => `${host}.internal.example`)),
  alone(name.map(user => `/home/${user}/.openclaw/openclaw.json`)),
  alone(name.map(user => `C:\\Users\\${user}\\secret.txt`)),
  alone(name.map(host => `https://${host}/path?token=abc`)),
  alone(name.map(user => `${user[0]?.toUpperCase()}${user.slice(1)}`)),
  alone(name.map(user => `${user}ß`)),
  fc.array(name, { minLength: 1, maxLength: 4 }).chain(secrets =>
    fc.constantFrom(
      ...[
        ['"', '"'],
        ["'", "'"],
        ['`', '`'],
        ['“', '”'],
        ['("', '")'],
        ['password=', ''],
        ['client=', ''],
        ['was refused for this one thing: ', ''],
      ].map(([before = '', after = '']) => ({ secrets, text: `${before}${secrets.join(' ')}${after}` })),
    ),
  ),
  fc
    .tuple(
      fc.constantFrom(
        'user',
        'user:',
        'User',
        '(account',
        'account',
        'password',
        'token',
        'device',
        'from',
        'named',
        'agent',
      ),
      name,
    )
    .map(([noun, secret]) => ({ secrets: [secret], text: `${noun} ${secret}` })),
)
const words = fc
  .array(fc.constantFrom('request', 'refused', 'closed', 'before', 'connect', 'limit', 'reached', 'at', 'role='), {
    maxLength: 6,
  })
  .map(parts => parts.join(' '))

describe('the template of a message', () => {
  it.each([
    [
      'closed before connect conn=a76a4139-d8c2 remote=127.0.0.1 client=evil laptop code=1008',
      'closed before connect conn=<*> remote=<*> client=<*> code=<*>',
    ],
    ['request from 203.0.113.9 refused after 17 tries', 'request from <*> refused after <*> tries'],
    ['pairing of "my phone" (kitchen) failed', 'pairing of <*> (kitchen) failed'],
    ["the client can't connect to /tmp/socket", 'the client <*> connect to <*>'],
    ['user alice signed in', 'user <*> signed in'],
    ['⇄ res ✗ config.patch 12ms errorCode=FORBIDDEN', '⇄ res ✗ <*> errorCode=<*>'],
    ['Gateway is ready', 'Gateway is ready'],
    ['closed [dead::], aa:: and (cafe::)', 'closed <*> and <*>'],
    ['', ''],
  ])('of %s', (text, template) => {
    expect(templateOfText(text)).toBe(template)
  })

  it.each([
    ['password = zoquaxi', 'password <*>'],
    ['Password : zoquaxi', 'Password <*>'],
    ['the password was set to zoquaxi', 'the password <*>'],
    ['password -> zoquaxi', 'password <*>'],
    ['passwords: zoquaxi wey', 'passwords: <*>'],
    ['Authorization: Bearer zoquaxi', 'Authorization: <*>'],
    ['token (Bearer) zoquaxi', 'token <*>'],
    ['api key zoquaxi', 'api key <*>'],
    ['accessToken zoquaxi', '<*>'],
    ['access-token zoquaxi', 'access-token <*>'],
    ['secret (zoquaxi wey) given', 'secret <*> given'],
    ['secret <zoquaxi wey> given', 'secret <*> given'],
    ['closed for zoquaxi, wey and vuvu', 'closed for <*>'],
    ['users "zoquaxi", wey & vuvu left', 'users <*> left'],
    ['anything = zoquaxi wey', 'anything = <*>'],
  ])('has nothing of what is named at a distance: %s', (text, template) => {
    expect(templateOfText(text)).toBe(template)
  })

  it('is the same for two records of one wording', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.uuid(), fc.nat(), (address, id, port) => {
        expect(templateOfText(`closed early conn=${id} remote=${address} port ${port} done`)).toBe(
          'closed early conn=<*> remote=<*>',
        )
      }),
    )
  })

  it('has no secret of the record, wherever in the record it is', () => {
    fc.assert(
      fc.property(words, hidden, words, (before, { secrets, text }, after) => {
        const template = templateOfText([before, text, after].join(' '))
        for (const secret of secrets) expect(template).not.toContain(secret)
      }),
      { numRuns: 3_000 },
    )
  })

  it('has no beginning of a token at which the text is cut', () => {
    fc.assert(
      fc.property(fc.integer({ min: 380, max: 400 }), length => {
        const text = `${'a word '.repeat(100).slice(0, length)} zoquaxivujo${'wey'.repeat(20)}`
        expect(templateOfText(text)).not.toContain('zo')
      }),
    )
    const few = `${'word'.repeat(98)} zoquaxivujo`
    expect(templateOfText(few)).toBe('<*>')
  })

  it('is short and in few signs, whatever the text is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ maxLength: 2_000, unit: codePoint }), words), text => {
        const template = templateOfText(text)
        expect(template.length).toBeLessThanOrEqual(200)
        expect(template).toMatch(/^[\w ⇄✓✗→=>|&+*/<()[\]{}.,;:!?…-]*$/)
      }),
    )
  })

  it('has no address and no id of a captured log', () => {
    for (const line of realLines) {
      const template = templateOfText(JSON.parse(line).message)
      expect(template).not.toMatch(/\d/)
      expect(template).not.toMatch(/evil|laptop|inst-1/)
    }
  })
})

describe('the template of a JSON object', () => {
  it('has its keys in their order, those of objects in it, and the words of its kind', () => {
    const record = {
      class_uid: 4001,
      time: 1,
      metadata: { version: '1.8.0', product: { name: 'x' } },
      evidences: [1],
      action: 'exec.approval.paused',
    }
    expect(templateOfFields(record, ['class_uid', 'action'])).toBe(
      'class_uid=4001 time metadata{version product} evidences[] action=exec.approval.paused',
    )
  })

  it('has no names that are keys of an object', () => {
    const record = {
      sessions: { zoquaxi: {} },
      deviceTokens: { weyvu: 1 },
      user_accounts: { vujo: 1 },
      device: { kind: 1 },
    }
    expect(templateOfFields(record)).toBe('sessions{<*>} deviceTokens{<*>} user_accounts{<*>} device{kind}')
  })

  it('has no secret of the record, as a key, as a value or as the value of its kind', () => {
    const secret = hidden.filter(({ text }) => !/^[a-z._]+$/.test(text))
    fc.assert(
      fc.property(secret, secret, secret, (key, value, kind) => {
        const record = { action: kind.text, [`${key.text} `]: value.text, actor: { [key.text]: value.text } }
        const template = templateOfFields(record, ['action'])
        for (const each of [...key.secrets, ...value.secrets, ...kind.secrets]) expect(template).not.toContain(each)
      }),
      { numRuns: 1_000 },
    )
  })

  it('is short, however many keys there are', () => {
    const record = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`key${'a'.repeat(index % 9)}`, {}]))
    expect(templateOfFields(record).length).toBeLessThanOrEqual(200)
  })
})
