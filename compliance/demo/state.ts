import { type EpochMs, MINUTE_MS } from '../../core/clock.ts'
import type { StateSource, StateView } from '../../service/views/state-view.ts'
import { demoPosture } from './posture.ts'
import { demoSources, isWithin } from './story.ts'

/** The state of the exporter of the demo as it was at a time. The counts of minutes are asked of Prometheus. */
export function createDemoState(now: EpochMs): StateView {
  return {
    path: 'synthetic state of the demo',
    extent: () => ({ from: null, to: null }),
    minutes: () => [],
    sources: () => demoSources.filter(({ since }) => since <= now).map(source => sourceAt(source, now)),
    posture: () => demoPosture(now),
    close: () => {},
  }
}

function sourceAt({ name, decoders, since, down }: (typeof demoSources)[number], now: EpochMs): StateSource {
  const isDown = down.find(span => isWithin(now, span))
  const read = isDown?.start ?? now
  return {
    name,
    dialects: decoders,
    since,
    to: Math.floor(read / MINUTE_MS) * MINUTE_MS,
    lastEvent: read - MINUTE_MS,
    losses: [],
  }
}
