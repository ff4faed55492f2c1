import type { DocumentValue } from '../../service/state/state.ts'
import { minuteOf } from './minute-series.ts'
import { type Observation, zonePairOf } from './observation.ts'
import { type SightingKind, sightingKinds } from './sightings.ts'
import { SPRAY_WINDOW_MS } from './spray.ts'

/** Versions up to 0.1 saw keys again at most once a day, and saved from when on. */
const REFRESH_MS = 24 * 60 * 60_000

interface EarlierSighting {
  readonly kind: SightingKind
  readonly gateway: string
  readonly key: string
  /** Start of the last minute in which it is known to have been seen. */
  readonly minute: number
}

interface EarlierAttempt {
  readonly gateway: string
  readonly observation: Observation
  readonly minute: number
}

/** What versions up to 0.1 saved of derived signals. */
export interface EarlierDerivation {
  /** Documents that are read once and then deleted. */
  readonly names: readonly string[]
  readonly sightings: readonly EarlierSighting[]
  /** Starts of the minutes since which kinds were seen, of all gateways. */
  readonly began: ReadonlyMap<SightingKind, number>
  readonly attempts: readonly EarlierAttempt[]
}

const nameOf = (kind: SightingKind) => (kind === 'success' ? 'first-success' : `first-seen-${kind}`)

/** Reads the documents of `sprays`, `first-success` and `first-seen-…`, one for each second in which entries ended. */
export function readEarlierDerivation(documents: readonly DocumentValue[]): EarlierDerivation {
  const names: string[] = []
  const sightings: EarlierSighting[] = []
  const attempts: EarlierAttempt[] = []
  const began = new Map<SightingKind, number>()
  for (const { name, value } of documents) {
    const [family = '', second] = name.split('/')
    const kind = sightingKinds.find(one => [nameOf(one), `beginning of ${nameOf(one)}`].includes(family))
    if (kind === undefined && family !== 'sprays') continue
    names.push(name)
    if (kind === undefined)
      for (const attempt of attemptsOf(Number(second), value as Entries<string>)) attempts.push(attempt)
    else if (second === undefined) began.set(kind, minuteOf(value as number))
    else for (const entry of value as Entries<number>) sightings.push(sightingOf(kind, entry))
  }
  return { names, sightings, began, attempts }
}

type Entries<V> = readonly (readonly [key: string, value: V])[]

function sightingOf(kind: SightingKind, [text, refreshFrom]: readonly [string, number]): EarlierSighting {
  const [gateway, key] = JSON.parse(text) as [string, string]
  return { kind, gateway, key: keyOf(kind, key), minute: minuteOf(refreshFrom - REFRESH_MS) }
}

function keyOf(kind: SightingKind, key: string): string {
  if (kind !== 'zone_pair') return key
  return zonePairOf(...(JSON.parse(key) as [string, string]))
}

function attemptsOf(second: number, entries: Entries<string>): EarlierAttempt[] {
  const time = second * 1000 - SPRAY_WINDOW_MS - 1
  return entries.map(([attempt, from]) => {
    const [, identity] = JSON.parse(attempt) as [string, string]
    const [gateway, trustZone, address] = JSON.parse(from) as [string, string, string]
    const nothing = { device: undefined, sourceZone: undefined, ingestTime: undefined, source: '', id: '' }
    const observation: Observation = { kind: 'attempt', trustZone, address, identity, time, ...nothing }
    return { gateway, observation, minute: minuteOf(time) }
  })
}
