import type { EpochMs } from '../../core/clock.ts'
import type { Claim } from '../decoders/decoder.ts'

export interface GatewayView {
  readonly name: string
  /** Ports seen in its lines; more than one means that two gateways share the name. */
  readonly ports: readonly number[]
  readonly lastEvent: EpochMs
  /** Sources that told of it. */
  readonly sources: readonly string[]
}

/** Most gateways that are remembered for the page; names come from records. */
const REMEMBERED_GATEWAYS = 20_000

/** Which gateways were heard of, and on which ports they listen. */
export class Gateways {
  readonly #byName = new Map<
    string,
    { readonly ports: Set<number>; readonly sources: Set<string>; lastEvent: EpochMs }
  >()

  hear(name: string, source: string, { time, origin }: Claim): void {
    let gateway = this.#byName.get(name)
    if (gateway === undefined) {
      if (this.#byName.size >= REMEMBERED_GATEWAYS) return
      gateway = { ports: new Set(), sources: new Set(), lastEvent: time }
      this.#byName.set(name, gateway)
    }
    if (time > gateway.lastEvent) gateway.lastEvent = time
    gateway.sources.add(source)
    if (origin.port !== undefined && gateway.ports.size < 16) gateway.ports.add(origin.port)
  }

  list(): readonly GatewayView[] {
    return [...this.#byName].map(([name, { ports, sources, lastEvent }]) => {
      return { name, ports: [...ports], sources: [...sources], lastEvent }
    })
  }
}
