import { describe, expect, it } from '@jest/globals'
import { formatAddress, isLoopback } from '../../../service/http/listen-address.ts'

describe('a listen address', () => {
  it.each(['127.0.0.1', '127.8.9.1', '::1', 'localhost'])('of loopback: %s', host => {
    expect(isLoopback(host)).toBe(true)
  })

  it.each(['0.0.0.0', '::', '10.0.0.1', 'localhost.evil.example', '127.0.0.1.example', '::ffff:8.8.8.8'])(
    'beyond loopback: %s',
    host => {
      expect(isLoopback(host)).toBe(false)
    },
  )

  it('is written with brackets where it needs them', () => {
    expect(formatAddress({ host: '::1', port: 9847 })).toBe('[::1]:9847')
  })
})
