import { DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS } from '../../../core/clock.ts'
import { NO_ORIGIN } from '../../../decoding/toolkit/origin.ts'
import type { Decoding } from '../../../decoding/toolkit/record.ts'

/** What the demo's sources for certificates and tunnels see; these decode what they see themselves. */
export interface Observation {
  readonly time: EpochMs
  /** The name of the source that would see it. */
  readonly decoder: 'certificates' | 'wireguard'
  readonly decoding: Decoding
}

/** From one look to the next. */
const LOOK_MS = { tunnels: 5 * MINUTE_MS, certificates: HOUR_MS } as const
/** A tunnel that is in use makes a handshake so often. */
const HANDSHAKE_MS = 2 * MINUTE_MS
/** A certificate is renewed after 90 days; how many are left shows on the dashboards. */
const RENEWED_EVERY_MS = 90 * DAY_MS
const RENEWED_BEFORE_MS = 12 * DAY_MS

/** All looks of one hour, in order of time. @param hour its start */
export function observedIn(hour: EpochMs): readonly Observation[] {
  const all: Observation[] = []
  for (let time = hour; time < hour + HOUR_MS; time += LOOK_MS.tunnels) all.push(...tunnelsAt(time))
  for (let time = hour; time < hour + HOUR_MS; time += LOOK_MS.certificates) all.push(...certificatesAt(time))
  return all.sort((a, b) => a.time - b.time)
}

/** An agent that never sleeps, and a laptop whose owner works by day. */
function tunnelsAt(time: EpochMs): readonly Observation[] {
  const steady = Math.floor(time / HANDSHAKE_MS) * HANDSHAKE_MS
  const day = Math.floor(time / DAY_MS) * DAY_MS
  const hour = (time - day) / HOUR_MS
  const evening = day + 18 * HOUR_MS - (hour < 8 ? DAY_MS : 0)
  const isWorking = hour >= 8 && hour < 18
  const peers = [
    { name: 'agent-7', lastHandshake: steady, maxHandshakeAge: 15 * MINUTE_MS },
    { name: 'laptop-3', lastHandshake: isWorking ? steady : evening },
  ]
  return peers.map(peer => ({
    time,
    decoder: 'wireguard',
    decoding: { kind: 'tunnel', time, origin: NO_ORIGIN, peer },
  }))
}

function certificatesAt(time: EpochMs): readonly Observation[] {
  const expires = Math.ceil((time + RENEWED_BEFORE_MS) / RENEWED_EVERY_MS) * RENEWED_EVERY_MS
  const place = { name: 'openclaw.example:443', position: 0, length: 1 }
  const subject = 'CN=openclaw.example'
  return [
    {
      time,
      decoder: 'certificates',
      decoding: { kind: 'certificate', time, origin: NO_ORIGIN, subject, expires, place },
    },
  ]
}
