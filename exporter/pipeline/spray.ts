import { MINUTE_MS } from '../../core/clock.ts'
import type { SecurityEvent } from '../../core/event.ts'
import { signals } from '../../core/signals.ts'
import type { Persistent } from '../contracts/persistent.ts'
import { contentHash } from './excess.ts'
import { MINUTE } from './minute-series.ts'
import { compareObservations, derivedEvent, earliestBy, type Observation } from './observation.ts'
import type { NetworkOf } from './source-networks.ts'
import { type TimedRow, TimedRows } from './timed-rows.ts'

/** Identities that one network must try within the window; the help of the signal says the same. */
export const SPRAY_IDENTITIES = 10
/** Minutes of the window, the one that is derived included. */
export const SPRAY_MINUTES = 15
export const SPRAY_WINDOW_MS = SPRAY_MINUTES * MINUTE_MS

/** An identity and the start of the last minute in which it was tried. */
type Tried = readonly [identity: string, minute: number]

interface Attacker extends TimedRow<Attacker> {
  readonly gateway: string
  readonly trustZone: string
  /** That of the addresses of the attempts. */
  readonly network: string
  /** The ten identities that were tried last: whether there are ten in a window, more of them add nothing. */
  tried: readonly Tried[]
  /** Start of the last minute with an attempt. */
  last: number
  isSpraying: boolean
}

type Row = readonly [gateway: string, trustZone: string, network: string, isSpraying: boolean, tried: readonly Tried[]]

/**
 * Recognises networks that try many identities (an IPv6 /64, an IPv4 address). A network begins to spray with
 * the first minute at whose end it has tried `SPRAY_IDENTITIES` within `SPRAY_MINUTES`, and stops with the first at whose end it has not; it is reported
 * once for each beginning. Minutes of a gateway are derived in order.
 */
export class Spray {
  readonly #capacity: number
  readonly #networkOf: NetworkOf
  readonly #byGateway = new Map<string, Map<string, Attacker>>()
  readonly #rows = new TimedRows<Attacker>({
    key: 'spray-attempts/',
    encode: ({ gateway, trustZone, network, isSpraying, tried }): Row => [
      gateway,
      trustZone,
      network,
      isSpraying,
      tried,
    ],
    decode: (row, last) => {
      const [gateway, trustZone, saved, isSpraying, tried] = row as unknown as Row
      const network = this.#networkOf(saved)
      const known = this.#byGateway.get(gateway)?.get(keyOf(trustZone, network))
      if (known === undefined) return Object.assign(this.#add(gateway, trustZone, network), { isSpraying, tried, last })
      // States up to 0.1 know single addresses: those of one network are one attacker.
      known.isSpraying ||= isSpraying || known.tried.length + tried.length >= SPRAY_IDENTITIES
      known.tried = [...new Map([...known.tried, ...tried])].sort(newestFirst).slice(0, SPRAY_IDENTITIES)
      known.last = Math.max(known.last, last)
      return undefined
    },
  })
  readonly persistents: readonly Persistent[] = [this.#rows]

  /**
   * @param capacity maximum number of remembered networks
   * @param networkOf the network by which an address is known
   */
  constructor(capacity: number, networkOf: NetworkOf) {
    this.#capacity = capacity
    this.#networkOf = networkOf
  }

  /** The sprays that began in this minute, of all its observations. */
  derive(gateway: string, minute: number, observations: Iterable<Observation>): SecurityEvent[] {
    const byAttacker = new Map<Attacker, Observation[]>()
    for (const observation of observations) {
      if (!isAttempt(observation)) continue
      const attacker = this.#attacker(gateway, observation)
      const others = byAttacker.get(attacker)
      if (others === undefined) byAttacker.set(attacker, [observation])
      else others.push(observation)
    }
    const begun: SecurityEvent[] = []
    for (const [attacker, attempts] of byAttacker) {
      const completing = beginning(attacker, minute, attempts)
      this.#take(attacker, attempts, minute)
      if (completing === undefined) continue
      const { severity } = signals.auth_sprays
      begun.push(derivedEvent(gateway, completing, { signal: 'auth_sprays', outcome: 'denied', severity }))
    }
    return begun
  }

  /**
   * Takes note of an attempt of a minute that was derived already.
   *
   * @param next start of the first minute of the gateway that is not derived
   */
  note(gateway: string, observation: Observation, minute: number, next: number): void {
    if (!isAttempt(observation) || minute <= next - SPRAY_MINUTES * MINUTE) return
    this.#take(this.#attacker(gateway, observation), [observation], minute)
  }

  /** Takes over attempts of a version that reported a spray at once: an address with enough attempts was reported. */
  adopt(attempts: Iterable<{ gateway: string; observation: Observation; minute: number }>): void {
    for (const { gateway, observation, minute } of attempts) {
      const attacker = this.#attacker(gateway, observation)
      this.#take(attacker, [observation], minute)
      attacker.isSpraying = attacker.tried.length >= SPRAY_IDENTITIES
    }
  }

  /** Forgets who has not tried within the window before this minute of the gateway. */
  expire(gateway: string, next: number): void {
    const attackers = this.#byGateway.get(gateway)
    if (attackers === undefined) return
    for (const attacker of attackers.values()) {
      if (attacker.last >= next - SPRAY_MINUTES * MINUTE) continue
      this.#rows.delete(attacker)
      this.#forget(attacker)
    }
  }

  /** Makes room after a minute. @returns the number of evicted addresses */
  shrink(): number {
    const evicted = this.#rows.shrink(this.#capacity)
    for (const attacker of evicted) this.#forget(attacker)
    return evicted.length
  }

  #attacker(gateway: string, { trustZone, network = '' }: Observation): Attacker {
    const known = this.#byGateway.get(gateway)?.get(keyOf(trustZone, network))
    return known ?? this.#add(gateway, trustZone, network)
  }

  #add(gateway: string, trustZone: string, network: string): Attacker {
    const hash = contentHash([gateway, trustZone, network])
    const attacker = { gateway, trustZone, network, tried: [], last: 0, isSpraying: false, place: undefined, hash }
    const attackers = this.#byGateway.get(gateway)
    const key = keyOf(trustZone, network)
    if (attackers === undefined) this.#byGateway.set(gateway, new Map([[key, attacker]]))
    else attackers.set(key, attacker)
    return attacker
  }

  #forget({ gateway, trustZone, network }: Attacker): void {
    const attackers = this.#byGateway.get(gateway)
    attackers?.delete(keyOf(trustZone, network))
    if (attackers?.size === 0) this.#byGateway.delete(gateway)
  }

  #take(attacker: Attacker, attempts: readonly Observation[], minute: number): void {
    attacker.tried = lastTried(attacker.tried, attempts, minute)
    attacker.last = Math.max(attacker.last, minute)
    this.#rows.put(attacker, attacker.last)
  }
}

/** The identities that were tried last, these attempts of one minute included. */
function lastTried(before: readonly Tried[], attempts: readonly Observation[], minute: number): readonly Tried[] {
  const [{ identity: first = '' } = {}] = attempts
  // Most addresses of a crowd try one identity.
  if (before.length === 0 && attempts.length === 1) return [[first, minute]]
  const tried = new Map(before)
  for (const { identity = '' } of attempts) tried.set(identity, Math.max(minute, tried.get(identity) ?? minute))
  return [...tried].sort(newestFirst).slice(0, SPRAY_IDENTITIES)
}

const isAttempt = ({ kind, address, identity }: Observation) =>
  kind === 'attempt' && address !== undefined && identity !== undefined

/** A network holds no space, a zone may. */
const keyOf = (trustZone: string, network: string) => `${network} ${trustZone}`

const newestFirst = ([a, m]: Tried, [b, n]: Tried) => n - m || (a < b ? -1 : 1)

/**
 * Moves the attacker over the minutes before this one and through it.
 *
 * @returns the attempt with which a spray began
 */
function beginning(attacker: Attacker, minute: number, attempts: readonly Observation[]): Observation | undefined {
  if (!attacker.isSpraying && attacker.tried.length + attempts.length < SPRAY_IDENTITIES) return undefined
  const since = (first: number) => attacker.tried.filter(([, last]) => last >= first).map(([identity]) => identity)
  // Without attempts the number only falls: the minute before this one had the least since the last attempt.
  const windowBefore = minute - SPRAY_MINUTES * MINUTE
  if (since(windowBefore).length < SPRAY_IDENTITIES) attacker.isSpraying = false
  if (attacker.isSpraying) return undefined
  const identities = new Set(since(windowBefore + MINUTE))
  const byIdentity = earliestBy(attempts, ({ identity }) => identity)
  if (identities.size + byIdentity.size < SPRAY_IDENTITIES) return undefined
  const inOrder = [...byIdentity.values()].sort(compareObservations)
  const completing = inOrder.find(({ identity = '' }) => identities.add(identity).size >= SPRAY_IDENTITIES)
  attacker.isSpraying = completing !== undefined
  return completing
}
