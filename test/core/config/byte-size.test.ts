import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { formatByteSize, parseByteSize } from '../../../core/config/byte-size.ts'

describe('a size', () => {
  it.each([
    ['0B', 0],
    ['1KiB', 1_024],
    ['512MiB', 536_870_912],
    ['2GiB', 2_147_483_648],
    ['1TiB', 1_099_511_627_776],
  ])('%s is %d bytes', (text, bytes) => {
    expect(parseByteSize(text)).toBe(bytes)
  })

  it.each(['', '512', '1KB', '1MB', '1.5GiB', '-1B', '1 MiB', '9007199254740992B', '99999TiB'])('is not %j', text => {
    expect(parseByteSize(text)).toBeUndefined()
  })

  it('reads back what it writes, to the byte', () => {
    fc.assert(fc.property(fc.maxSafeNat(), bytes => expect(parseByteSize(formatByteSize(bytes))).toBe(bytes)))
  })
})
