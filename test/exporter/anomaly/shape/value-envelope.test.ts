import { describe, expect, it } from '@jest/globals'
import { distanceOutside, ValueEnvelope } from '../../../../exporter/anomaly/shape/value-envelope.ts'

const HOUR = 3600

function distance(envelope: ValueEnvelope, time: number, value: number): number {
  const { lowest, highest } = envelope.range(time)
  return distanceOutside(value, lowest, highest)
}

describe('ValueEnvelope', () => {
  it('knows no distance before it has seen anything near', () => {
    const envelope = new ValueEnvelope()
    envelope.learn(12 * HOUR, 5)
    expect(distance(envelope, 3 * HOUR, 1e6)).toBe(0)
  })

  it('measures above and below the range of the hour and its neighbours, round midnight too', () => {
    const envelope = new ValueEnvelope()
    envelope.learn(23 * HOUR, 2)
    envelope.learn(24 * HOUR, 8)
    expect(distance(envelope, 24 * HOUR, 11)).toBe(3)
    expect(distance(envelope, 24 * HOUR, 1)).toBe(1)
    expect(distance(envelope, 24 * HOUR, 5)).toBe(0)
  })

  it('draws its range in by 1% once when the hour begins again', () => {
    const envelope = new ValueEnvelope()
    envelope.learn(0, 0)
    envelope.learn(60, 100)
    envelope.learn(5 * HOUR, 50)
    envelope.learn(24 * HOUR, 50)
    envelope.learn(24 * HOUR + 60, 50)
    expect(envelope.range(24 * HOUR)).toEqual({ lowest: 0.5, highest: 99.5 })
  })
})
