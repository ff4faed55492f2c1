import { describe, expect, it } from '@jest/globals'
import { parseAddress } from '../../../core/net/address.ts'
import { blowsUp } from '../../growth.ts'

describe('reading an address', () => {
  it.each([
    ['192.0.2.1:8080', '192.0.2.1'],
    [' "192.0.2.1" ', '192.0.2.1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['[::1]', '::1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::192.0.2.1', '::c000:201'],
    ['10.1', undefined],
    ['0x7f000001', undefined],
    ['2130706433', undefined],
    ['999.1.1.1', undefined],
    ['example.org', undefined],
    ['', undefined],
  ])('%j gives %j', (text, address) => {
    expect(parseAddress(text)).toBe(address)
  })

  it.each(['1', ':', ' '])('takes time in proportion to the length of 4,000 times %j', letter => {
    expect(blowsUp(length => letter.repeat(length), parseAddress, 4_000)).toBe(false)
  })
})
