import type { SecurityEvent } from '../../../core/event.ts'

const MINUTE = 60_000
const HOURS_6 = 6 * 60 * MINUTE
const DAY = 4 * HOURS_6

/** The counts of first-seen entities, by gateway, zone and kind of entity; and the derived events. */
export interface Derived {
  readonly entities: Readonly<Record<string, number>>
  readonly events: readonly string[]
}

/** A derived event in one line. */
export const lineOf = ({ signal, gateway, trustZone, eventTime, actor, record }: SecurityEvent) =>
  [signal, gateway, trustZone, eventTime, actor.address, actor.identity, record.source, record.id].join(' ')

/**
 * The derived signals of events that are all known, by their definitions: minute after minute, each looking back over
 * all events before. Slow, and with nothing of the product's own bookkeeping.
 */
export function derivedByHand(events: readonly SecurityEvent[]): Derived {
  const entities: Record<string, number> = {}
  const derived: string[] = []
  for (const [gateway, own] of Map.groupBy(events.toSorted(byTime), event => event.gateway)) {
    for (const [kind, keyOf] of Object.entries(kinds)) {
      for (const first of firstSightings(own, keyOf)) {
        if (kind === 'success') derived.push(lineOf({ ...first, signal: 'first_seen_successes' }))
        else {
          const series = `${gateway} ${first.trustZone} ${kind}`
          entities[series] = (entities[series] ?? 0) + 1
        }
      }
    }
    const attempts = own.filter(({ signal }) => signal === 'auth_failures')
    const attackers = Map.groupBy(attempts, ({ trustZone, actor }) => `${actor.address} ${trustZone}`)
    for (const tried of attackers.values()) derived.push(...spraysOf(tried))
  }
  return { entities, events: derived.toSorted() }
}

const kinds: Readonly<Record<string, (event: SecurityEvent) => string | undefined>> = {
  address: ({ actor }) => actor.address,
  identity: ({ actor }) => actor.identity,
  device: ({ actor }) => actor.device,
  success: ({ signal, actor }) => (signal === 'auth_successes' ? actor.address : undefined),
}

const byTime = (a: SecurityEvent, b: SecurityEvent) =>
  a.eventTime - b.eventTime || a.record.source.localeCompare(b.record.source) || a.record.id.localeCompare(b.record.id)

const minuteOf = ({ eventTime }: SecurityEvent) => Math.floor(eventTime / MINUTE)

/** Known is who was seen in the same period of 6 hours or in the 120 before, in a minute before this one. */
function firstSightings(own: readonly SecurityEvent[], keyOf: (event: SecurityEvent) => string | undefined) {
  const seen = own.filter(event => keyOf(event) !== undefined)
  const began = seen.length === 0 ? 0 : minuteOf(seen[0] as SecurityEvent) * MINUTE
  const period = (event: SecurityEvent) => Math.floor(event.eventTime / HOURS_6)
  return seen.filter((event, index) => {
    const before = seen.slice(0, index).filter(other => keyOf(other) === keyOf(event))
    const isKnown = before.some(other => period(event) - period(other) <= 120)
    const isRepeat = before.some(other => minuteOf(other) === minuteOf(event))
    return !isKnown && !isRepeat && minuteOf(event) * MINUTE - began >= DAY
  })
}

/**
 * One line for each minute at whose end ten identities were tried within 15 minutes, and at the end before they were
 * not.
 */
function spraysOf(tried: readonly SecurityEvent[]): string[] {
  const identities = (end: number, until = Number.POSITIVE_INFINITY) => {
    const inWindow = tried.filter(
      (event, index) => minuteOf(event) > end - 15 && minuteOf(event) <= end && index <= until,
    )
    return new Set(inWindow.map(({ actor }) => actor.identity)).size
  }
  const minutes = new Set(tried.map(minuteOf))
  const begun = [...minutes].filter(minute => identities(minute) >= 10 && identities(minute - 1) < 10)
  return begun.map(minute => {
    const completing = tried.find((event, index) => minuteOf(event) === minute && identities(minute, index) >= 10)
    return lineOf({ ...(completing as SecurityEvent), signal: 'auth_sprays' })
  })
}
