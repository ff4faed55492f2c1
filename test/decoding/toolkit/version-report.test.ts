import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { knownVersion } from '../../../decoding/toolkit/version-report.ts'

describe('a version', () => {
  it.each([
    ['2026.9.6', '2026.9.6'],
    ['v0.1.5', '0.1.5'],
    ['0.1', '0.1'],
    ['2026.10.1-beta.2', '2026.10.1-beta.2'],
    ['1.2.3.4', '1.2.3.4'],
  ])('%s is one', (text, version) => {
    expect(knownVersion(text)).toBe(version)
  })

  it.each([
    '',
    'main',
    '7',
    '1.',
    '1.2.3.4.5',
    '1.2.3"}',
    '1.2\n',
    '1.2 ',
    '1.2.3-Beta',
    '1.2-',
    '123456.1',
    `1.2-${'a'.repeat(17)}`,
  ])('%j is none', text => {
    expect(knownVersion(text)).toBeUndefined()
  })

  it('has digits, dots and small letters alone, whatever the text is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'0123456789.-va"\n') })), text => {
        expect(knownVersion(text) ?? '0.0').toMatch(/^[\d.]{3,23}(-[a-z\d.]{1,16})?$/)
      }),
      { numRuns: 2_000 },
    )
  })
})
