import { describe, expect, it } from '@jest/globals'
import { partOf } from '../../../../exporter/sources/elasticsearch/gateways.ts'
import { streamOf } from '../../../../exporter/sources/elasticsearch/stream.ts'

describe('the stream of an index', () => {
  it.each([
    ['.ds-logs-openclaw-default-2026.11.24-000007', 'logs-openclaw-default'],
    ['eu:.ds-logs-openclaw-default-2026.11.24-000007', 'eu:logs-openclaw-default'],
    ['logs-openclaw-000012', 'logs-openclaw'],
    ['logs-openclaw-2026.11.24', 'logs-openclaw-2026.11.24'],
    ['logs-openclaw', 'logs-openclaw'],
  ])('of %s is %s', (index, stream) => {
    expect(streamOf(index)).toBe(stream)
  })
})

describe('the parts of a shared index', () => {
  it('take each gateway once and about equally many', () => {
    const parts = new Map<number, number>()
    for (let gateway = 0; gateway < 10_000; gateway++) {
      const part = partOf(`gw-${gateway}.example.internal`, 8)
      parts.set(part, (parts.get(part) ?? 0) + 1)
    }
    expect([...parts.keys()].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    for (const gateways of parts.values()) expect(Math.abs(gateways - 1_250)).toBeLessThan(200)
  })
})
