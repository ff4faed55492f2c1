import { describe, expect, it } from '@jest/globals'
import { acceptsGzip } from '../../../service/http/metrics-route.ts'

describe('gzip', () => {
  it.each(['gzip', 'br, GZIP', 'gzip;q=0.5', '*', 'deflate, *;q=0.1', 'gzip ; q=1'])('is taken by %s', header => {
    expect(acceptsGzip(header)).toBe(true)
  })

  it.each([undefined, '', 'identity', 'gzip;q=0', 'gzip;q=0.0, *', 'br', 'gzip;q=x'])('is not taken by %s', header => {
    expect(acceptsGzip(header)).toBe(false)
  })
})
