import { describe, expect, it } from '@jest/globals'
import { MINUTE_MS } from '../../core/clock.ts'
import type { SignalName } from '../../core/signals.ts'
import { Losses } from '../../exporter/pipeline/losses.ts'
import { Minutes } from '../../exporter/pipeline/minutes.ts'
import { failure, Listener, NOON } from '../exporter/pipeline/fixtures.ts'

const event = (minute: number, signal: SignalName = 'auth_failures') => failure(NOON + minute * MINUTE_MS, { signal })

/** A source that has read up to noon, and whose backfill is under way. */
function underWay() {
  const listener = new Listener()
  const minutes = new Minutes({ subscribers: listener, losses: new Losses() })
  minutes.beginBackfill()
  minutes.advance('s', NOON)
  const conclude = () => {
    minutes.concludeBackfill('s')
    minutes.endBackfill()
  }
  const readTo = (minute: number) => {
    minutes.advance('s', NOON + minute * MINUTE_MS)
    while (minutes.close(10));
  }
  const minuteAt = (start: number) => (start * 1000 - NOON) / MINUTE_MS
  const ofFailures = ({ key }: { key: { signal: string } }) => key.signal === 'auth_failures'
  const emitted = () => [
    ...listener.told
      .filter(ofFailures)
      .map(({ first, end, counts }) => [minuteAt(first), minuteAt(end), [...counts.values()]]),
    ...listener.closed.filter(ofFailures).map(({ start, count }) => [minuteAt(start), count]),
  ]
  return { minutes, listener, conclude, readTo, emitted }
}

describe('a backfill that ends before the first minute of a series is complete', () => {
  it('closes no minute that the source has not passed: an earlier event is in time', () => {
    const { minutes, conclude, readTo, emitted } = underWay()
    // The gateway is known for longer than the series.
    minutes.add('s', event(1, 'auth_lockouts'))
    expect(minutes.add('s', event(5))).toBe(true)
    conclude()
    expect(minutes.add('s', event(3))).toBe(true)
    expect(emitted()).toEqual([])
    readTo(6)
    expect(emitted()).toEqual([
      [1, 3, []],
      [3, 1],
      [4, 0],
      [5, 1],
    ])
  })

  it('emits what it brought up to where the source has read, and leaves the rest open', () => {
    const { minutes, conclude, readTo, emitted } = underWay()
    minutes.add('s', event(5))
    minutes.addBackfilled('s', event(-10), NOON)
    minutes.addBackfilled('s', event(1), NOON)
    conclude()
    expect(minutes.add('s', event(3))).toBe(true)
    expect(emitted()).toEqual([[-10, 0, [1]]])
    readTo(6)
    expect(emitted().slice(1)).toEqual([
      [0, 0],
      [1, 1],
      [2, 0],
      [3, 1],
      [4, 0],
      [5, 1],
    ])
  })

  it('is not held up by another source of the series that has read nothing yet', () => {
    const { minutes, conclude, readTo, emitted } = underWay()
    minutes.add('s', event(5))
    minutes.add('other', event(4))
    minutes.addBackfilled('s', event(-2), NOON)
    conclude()
    expect(emitted()).toEqual([[-2, 0, [1]]])
    minutes.advance('other', NOON + 6 * MINUTE_MS)
    readTo(6)
    expect(emitted().filter(([, count]) => count === 1)).toEqual([
      [4, 1],
      [5, 1],
    ])
  })
})
