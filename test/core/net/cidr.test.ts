import { describe, expect, it } from '@jest/globals'
import { isNetwork } from '../../../core/net/cidr.ts'

describe('a network', () => {
  it.each(['10.0.0.0/8', '10.1.2.3', '0.0.0.0/0', '::/0', '2001:db8::/32', '::1', '::ffff:10.0.0.1'])(
    'may be %s',
    text => {
      expect(isNetwork(text)).toBe(true)
    },
  )

  it.each([
    ['', 'nothing'],
    ['10.0.0.0/33', 'a prefix longer than the address'],
    ['10.0.0/8', 'an address with a part missing'],
    ['10.1', 'an old form of 10.0.0.1'],
    ['0x7f000001', 'a hexadecimal address'],
    ['010.0.0.1', 'an octal part'],
    ['10.0.0.0/-1', 'a negative prefix'],
    ['10.0.0.0/8/8', 'two prefixes'],
    ['2001:db8::/129', 'a prefix longer than the address'],
    ['::ffff:10.0.0.0/104', 'IPv4 written as IPv6, which nothing would match'],
    ['localhost', 'a name'],
  ])('is not %j: %s', text => {
    expect(isNetwork(text)).toBe(false)
  })
})
