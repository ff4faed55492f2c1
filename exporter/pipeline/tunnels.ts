import { DAY_MS, type EpochMs } from '../../core/clock.ts'
import { BoundedMap } from '../../core/collections/bounded-map.ts'
import type { TunnelPeer } from '../../decoding/toolkit/record.ts'
import type { Metric, SeriesStore } from '../../service/series/series.ts'
import type { Json } from '../../service/state/state.ts'
import type { ChangedRow, JsonPersistent, SavedRow } from '../contracts/persistent.ts'

export interface SeenTunnel extends TunnelPeer {
  readonly gateway: string
  readonly trustZone: string
  /** When it was read. */
  readonly time: EpochMs
}

/** A peer that was not read for this time is no longer configured. */
const IN_USE_MS = 7 * DAY_MS

/** Most that are watched; the one not read for longest goes first. */
const CAPACITY = 10_000

/** The last handshake of each peer of a tunnel. Its age grows by itself when nothing is read any more. */
export class Tunnels implements JsonPersistent {
  readonly key = 'tunnels'
  readonly format = 'json'
  readonly #handshake: Metric
  readonly #maxAge: Metric
  readonly #seen = new BoundedMap<string, SeenTunnel>(CAPACITY)
  #changed = false

  constructor(store: SeriesStore) {
    const define = (name: string, help: string) =>
      store.define({
        name,
        help,
        type: 'gauge',
        labels: ['gateway', 'trust_zone', 'peer'],
        durable: false,
        limit: CAPACITY,
      })
    this.#handshake = define(
      'clawtrust_tunnel_last_handshake_timestamp_seconds',
      'Last handshake with a peer of a WireGuard interface, seconds since 1970; 0 where there was none. Exposed for 7 days after the peer was read.',
    )
    this.#maxAge = define(
      'clawtrust_tunnel_max_handshake_age_seconds',
      'Age that the last handshake with the peer may have (`max_handshake_age`); absent where a silent peer is normal.',
    )
  }

  see(tunnel: SeenTunnel): void {
    const known = this.#seen.get(keyOf(tunnel))
    if (known !== undefined && known.time > tunnel.time) return
    const longestAgo = this.#seen.set(keyOf(tunnel), tunnel)
    this.#changed = true
    this.#expose(tunnel)
    if (longestAgo !== undefined) this.#forget(longestAgo)
  }

  /** Forgets those that are no longer configured. */
  expire(now: EpochMs): void {
    for (const tunnel of this.#seen.values()) if (now - tunnel.time > IN_USE_MS) this.#forget(tunnel)
  }

  changes(): readonly ChangedRow<Json>[] {
    if (!this.#changed) return []
    this.#changed = false
    return [{ name: '', value: [...this.#seen.values()].map(one => ({ ...one })) }]
  }

  restore(rows: readonly SavedRow<Json>[]): void {
    for (const tunnel of rows.flatMap(({ value }) => value as unknown as SeenTunnel[])) {
      this.#seen.set(keyOf(tunnel), tunnel)
      this.#expose(tunnel)
    }
  }

  #expose({ gateway, trustZone, name, lastHandshake, maxHandshakeAge }: SeenTunnel): void {
    this.#handshake.series(gateway, trustZone, name).value = lastHandshake / 1000
    if (maxHandshakeAge === undefined) this.#maxAge.remove(gateway, trustZone, name)
    else this.#maxAge.series(gateway, trustZone, name).value = maxHandshakeAge / 1000
  }

  #forget(tunnel: SeenTunnel): void {
    this.#seen.delete(keyOf(tunnel))
    this.#handshake.remove(tunnel.gateway, tunnel.trustZone, tunnel.name)
    this.#maxAge.remove(tunnel.gateway, tunnel.trustZone, tunnel.name)
    this.#changed = true
  }
}

const keyOf = ({ gateway, trustZone, name }: SeenTunnel): string => JSON.stringify([gateway, trustZone, name])
