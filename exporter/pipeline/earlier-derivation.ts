import type { Persistent } from '../contracts/persistent.ts'
import { EarlierRows } from './earlier-rows.ts'
import { type FirstSeenKind, firstSeenKinds } from './first-seen-entities.ts'
import { minuteOf } from './minute-series.ts'
import { type Observation, zonePairOf } from './observation.ts'
import type { NetworkOf } from './source-networks.ts'
import { SPRAY_WINDOW_MS } from './spray.ts'

/** Versions up to 0.1 saw keys again at most once a day, and saved from when on. */
const REFRESH_MS = 24 * 60 * 60_000

interface EarlierFirstSeen {
  readonly kind: FirstSeenKind
  readonly gateway: string
  readonly key: string
  /** Start of the last minute in which it is known to have been seen. */
  readonly minute: number
  /** Start of the minute since which its kind was seen. */
  readonly began: number
}

interface EarlierAttempt {
  readonly gateway: string
  readonly observation: Observation
  readonly minute: number
}

/** Takes what versions up to 0.1 saved of derived signals. */
export interface EarlierDerivation {
  firstSeen(firstSeen: EarlierFirstSeen): void
  attempts(attempts: readonly EarlierAttempt[]): void
}

const nameOf = (kind: FirstSeenKind) => (kind === 'success' ? 'first-success' : `first-seen-${kind}`)

/** The rows of `sprays`, `first-success` and `first-seen-…`, one for each second in which entries ended. */
export function earlierDerivation(networkOf: NetworkOf, into: EarlierDerivation): readonly Persistent[] {
  /** Starts of the minutes since which kinds were seen, of all gateways. */
  const began = new Map<FirstSeenKind, number>()
  const beginnings = firstSeenKinds.map(kind => {
    return new EarlierRows(`beginning of ${nameOf(kind)}`, rows => {
      for (const { value } of rows) began.set(kind, minuteOf(value as number))
    })
  })
  const firstSeen = firstSeenKinds.map(kind => {
    return new EarlierRows(`${nameOf(kind)}/`, rows => {
      for (const entry of rows.flatMap(({ value }) => value as Entries<number>)) {
        into.firstSeen(firstSeenOf(kind, entry, began))
      }
    })
  })
  const sprays = new EarlierRows('sprays/', rows => {
    into.attempts(rows.flatMap(({ name, value }) => attemptsOf(Number(name), value as Entries<string>, networkOf)))
  })
  return [...beginnings, ...firstSeen, sprays]
}

type Entries<V> = readonly (readonly [key: string, value: V])[]

function firstSeenOf(
  kind: FirstSeenKind,
  [text, refreshFrom]: readonly [string, number],
  began: ReadonlyMap<FirstSeenKind, number>,
): EarlierFirstSeen {
  const [gateway, key] = JSON.parse(text) as [string, string]
  const minute = minuteOf(refreshFrom - REFRESH_MS)
  return { kind, gateway, key: keyOf(kind, key), minute, began: began.get(kind) ?? minute }
}

function keyOf(kind: FirstSeenKind, key: string): string {
  if (kind !== 'zone_pair') return key
  return zonePairOf(...(JSON.parse(key) as [string, string]))
}

function attemptsOf(second: number, entries: Entries<string>, networkOf: NetworkOf): EarlierAttempt[] {
  const time = second * 1000 - SPRAY_WINDOW_MS - 1
  return entries.map(([attempt, from]) => {
    const [, identity] = JSON.parse(attempt) as [string, string]
    const [gateway, trustZone, address] = JSON.parse(from) as [string, string, string]
    const nothing = { device: undefined, sourceZone: undefined, ingestTime: undefined, source: '', id: '' }
    const observation: Observation = {
      kind: 'attempt',
      trustZone,
      address,
      network: networkOf(address),
      identity,
      time,
      ...nothing,
    }
    return { gateway, observation, minute: minuteOf(time) }
  })
}
