import { describe, expect, it } from '@jest/globals'
import { distanceOutside, ValueEnvelope } from '../../../../../exporter/detection/model/shape/value-envelope.ts'
import { type Alone, alone } from '../alone.ts'

const HOUR = 3600

const create = () => alone(layout => new ValueEnvelope(layout))

function distance({ part, state }: Alone<ValueEnvelope>, time: number, value: number): number {
  const { lowest, highest } = part.range(state, time)
  return distanceOutside(value, lowest, highest)
}

describe('ValueEnvelope', () => {
  it('knows no distance before it has seen anything near', () => {
    const envelope = create()
    envelope.part.learn(envelope.state, 12 * HOUR, 5)
    expect(distance(envelope, 3 * HOUR, 1e6)).toBe(0)
  })

  it('measures above and below the range of the hour and its neighbours, round midnight too', () => {
    const envelope = create()
    envelope.part.learn(envelope.state, 23 * HOUR, 2)
    envelope.part.learn(envelope.state, 24 * HOUR, 8)
    expect(distance(envelope, 24 * HOUR, 11)).toBe(3)
    expect(distance(envelope, 24 * HOUR, 1)).toBe(1)
    expect(distance(envelope, 24 * HOUR, 5)).toBe(0)
  })

  it('draws its range in by 1% once when the hour begins again', () => {
    const envelope = create()
    envelope.part.learn(envelope.state, 0, 0)
    envelope.part.learn(envelope.state, 60, 100)
    envelope.part.learn(envelope.state, 5 * HOUR, 50)
    envelope.part.learn(envelope.state, 24 * HOUR, 50)
    envelope.part.learn(envelope.state, 24 * HOUR + 60, 50)
    expect(envelope.part.range(envelope.state, 24 * HOUR)).toEqual({ lowest: 0.5, highest: 99.5 })
  })
})
