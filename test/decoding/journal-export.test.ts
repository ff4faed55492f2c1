import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createDispatcher } from '../../decoding/dispatch.ts'
import { endOfEntry, jsonOfEntry, sequenceAt } from '../../decoding/envelopes/journal-export.ts'
import { dialects } from '../../decoding/registry.ts'
import { blowsUp } from '../growth.ts'
import { dialectFixtures, isOfKernel, undatedByEnvelope } from './dialect-fixtures.ts'
import { type EntryFields, entryFields, exported, openclawEntry, SEQUENCE } from './journal-entries.ts'

const { decode } = createDispatcher(dialects)
const refusal = dialectFixtures['openclaw-console']?.lines?.find(line => line.includes('"cause":"unauthorized"')) ?? ''

const value = fc.oneof(
  fc.string(),
  fc.uint8Array({ maxLength: 40 }),
  fc.constantFrom('\n', '\n\n', '=', '', `\n\n__CURSOR=s=${SEQUENCE};i=2\n`, 'MESSAGE=x\n\n', '\0'),
)
const more = fc.array(fc.tuple(fc.stringMatching(/^[A-Z][A-Z0-9_]{0,20}$/), value), { maxLength: 5 })

describe('an entry in the export format of the journal', () => {
  it('ends at its empty line, whatever its values hold and whatever follows', () => {
    fc.assert(
      fc.property(value, more, fc.uint8Array(), (message, fields, after) => {
        const entry = openclawEntry(message, fields)
        expect(endOfEntry(Buffer.concat([entry, after]), 0)).toBe(entry.length)
        expect(endOfEntry(Buffer.concat([after, entry]), after.length)).toBe(after.length + entry.length)
      }),
    )
  })

  it('is incomplete up to its last byte', () => {
    fc.assert(
      fc.property(value, more, fc.nat(), (message, fields, at) => {
        const entry = openclawEntry(message, fields)
        expect(endOfEntry(entry.subarray(0, at % entry.length), 0)).toBe('incomplete')
      }),
    )
  })

  it('is read as journalctl -o json writes it: text, bytes that are no text as a list, repeated fields as a list', () => {
    const repeated: EntryFields = [
      ['SYSLOG_IDENTIFIER', 'a'],
      ['SYSLOG_IDENTIFIER', 'b\n'],
    ]
    expect(JSON.parse(jsonOfEntry(openclawEntry(Buffer.of(0x61, 0xff), repeated)))).toEqual({
      __REALTIME_TIMESTAMP: '1795880891007112',
      _TRANSPORT: 'stdout',
      _HOSTNAME: 'gw',
      _SYSTEMD_UNIT: 'openclaw.service',
      SYSLOG_IDENTIFIER: ['a', 'b\n'],
      MESSAGE: [0x61, 0xff],
    })
  })

  it('gives its message exactly', () => {
    fc.assert(
      fc.property(value, message => {
        const { MESSAGE } = JSON.parse(jsonOfEntry(openclawEntry(message)))
        expect(Buffer.from(MESSAGE)).toEqual(Buffer.from(message))
      }),
    )
  })

  it('gives the claims of the records of its message, in each dialect', () => {
    for (const dialect of dialects.filter(each => !isOfKernel(each))) {
      const compared = (body: string) => undatedByEnvelope(dialect, decode({ id: '1', body }))
      for (const line of dialectFixtures[dialect.name]?.lines ?? []) {
        expect(compared(jsonOfEntry(openclawEntry(line)))).toEqual(compared(line))
      }
    }
  })

  it('of another program claims nothing', () => {
    const entry = exported(entryFields(refusal, [['_SYSTEMD_UNIT', 'shop.service']]))
    expect(decode({ id: '1', body: jsonOfEntry(entry) }).decoding.kind).toBe('undecoded')
  })

  it('cannot be given a field by what is in the value of another one', () => {
    const forged = `x\n_SYSTEMD_UNIT=openclaw.service\nMESSAGE=${refusal}\n\n`
    const entry = exported([...entryFields('x', [['NOTE', forged]]), ['_SYSTEMD_UNIT', 'shop.service']])
    expect(endOfEntry(entry, 0)).toBe(entry.length)
    expect(JSON.parse(jsonOfEntry(entry))).toMatchObject({ MESSAGE: 'x', _SYSTEMD_UNIT: 'shop.service' })
  })

  it.each([
    ['does not begin with a cursor', 'MESSAGE=x\n\n'],
    ['has a name in lower case', `__CURSOR=s=${SEQUENCE};\nmessage=x\n\n`],
    ['has a name without an end', `__CURSOR=s=${SEQUENCE};\n${'A'.repeat(65)}=x\n\n`],
    ['has an empty name', `__CURSOR=s=${SEQUENCE};\n=x\n\n`],
    ['has a value that is longer than the journal allows', `__CURSOR=s=${SEQUENCE};\nMESSAGE\n__CURSOR=s=`],
    ['has a value that does not end with a newline', `__CURSOR=s=${SEQUENCE};\nMESSAGE\n\x01\0\0\0\0\0\0\0ab\n\n`],
    [
      'was not written to its end, and another one follows',
      `__CURSOR=s=${SEQUENCE};\n_PID=4__CURSOR=s=${SEQUENCE};\n__REALTIME_TIMESTAMP=1\n\n`,
    ],
  ])('is malformed where it %s', (_what, entry) => {
    expect(endOfEntry(Buffer.from(entry, 'latin1'), 0)).toBe('malformed')
  })

  it('names its sequence in its cursor', () => {
    expect(sequenceAt(openclawEntry('x'), 0)).toBe(SEQUENCE)
    for (const text of [
      '',
      `__CURSOR=s=${SEQUENCE}`.slice(0, -1),
      `__CURSOR=i=${SEQUENCE};`,
      `CURSOR=s=${SEQUENCE};`,
    ]) {
      expect(sequenceAt(Buffer.from(text), 0)).toBeUndefined()
    }
    expect(sequenceAt(Buffer.from(`__CURSOR=s=${SEQUENCE.replace('a', 'x')};`), 0)).toBeUndefined()
  })
})

it.each([
  ['small fields', (length: number) => 'MESSAGE=\n'.repeat(length)],
  ['fields that are not read', (length: number) => 'A=\n'.repeat(length)],
  ['text', (length: number) => `MESSAGE=${'='.repeat(length)}\n`],
])('an entry of many %s is read in time in proportion to its length', (_what, text) => {
  const inputOf = (length: number) =>
    Buffer.concat([openclawEntry('x').subarray(0, -1), Buffer.from(`${text(length)}\n`)])
  expect(blowsUp(inputOf, entry => [endOfEntry(entry, 0), jsonOfEntry(entry)], 50_000)).toBe(false)
})
