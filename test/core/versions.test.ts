import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { isOlderVersion } from '../../core/versions.ts'

describe('a version', () => {
  it.each([
    ['2026.9.6', '2026.9.6', false],
    ['2026.9.6', '2026.10', true],
    ['v22.19.0', '22.19', false],
    ['2026.9.6-beta.1', '2026.9.7', true],
    ['2026.9', '2026.9.0.1', true],
    ['unknown', '1', undefined],
    ['1', '', undefined],
  ])('%s is older than %s: %p', (version, least, expected) => {
    expect(isOlderVersion(version, least)).toBe(expected)
  })

  it('is older than another one, younger or the same', () => {
    const numbers = fc.array(fc.nat(30), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(numbers, numbers, (one, other) => {
        const [a, b] = [one.join('.'), other.join('.')]
        const padded = (list: readonly number[]) => [...list, 0, 0, 0, 0].slice(0, 4)
        const isSame = padded(one).join() === padded(other).join()
        expect([isOlderVersion(a, b), isOlderVersion(b, a)].filter(Boolean)).toHaveLength(isSame ? 0 : 1)
      }),
    )
  })
})
