import { observation } from '../seccount/corpus.ts'
import type { Random } from '../seccount/random.ts'
import { DAY, MINUTES } from './calendar.ts'
import type { CauseMap } from './causes.ts'

const { ceil, exp, floor, min } = Math

/** A change of the level for good. Gateways get it one after another. */
export interface Release {
  readonly minute: number
  readonly factor: number
}

/** Days in which a new level is said to be of a release. */
const RELEASE_DAYS = 2
/** Minutes until the last gateway of a zone has a release. */
const ROLLOUT = 90

/** Draws in this order: whether there is one; minute; up or down; how far. */
export function drawRelease(random: Random): Release | undefined {
  const exists = random.uniform() < 0.5
  const minute = 3 * DAY + random.below(MINUTES - 5 * DAY)
  const sign = random.uniform() < 0.65 ? 1 : -1
  const factor = exp(sign * (0.25 + 0.5 * random.uniform()))
  return exists ? { minute, factor } : undefined
}

/** Draws how many minutes after the first gateway this one gets it. */
export function addRelease(random: Random, { minute, factor }: Release, means: Float64Array, causes: CauseMap): void {
  const first = minute + random.below(ROLLOUT)
  for (let at = first; at < MINUTES; at++) means[at] = (means[at] as number) * factor
  causes.mark('release', minute, first + RELEASE_DAYS * DAY)
}

/** Minutes without events, and then a part of what was missed at once: clients come back. */
export interface Outage {
  readonly first: number
  readonly length: number
  readonly returning: number
  /** Undefined: of all gateways of the zone. */
  readonly gateway: number | undefined
}

/** Minutes after a disturbance in which an alert is said to be of it. */
const AFTER = 60
/** Minutes until the events that come back have decreased by e, as a part of the outage. */
const RETURN_PART = 8

/** Draws in this order: whether there is one; first minute; length; part that returns; whether of one gateway; which. */
export function drawOutage(random: Random, gateways: number): Outage | undefined {
  const exists = random.uniform() < 0.45
  const first = 2 * DAY + random.below(MINUTES - 3 * DAY)
  const length = 10 + random.below(140)
  const returning = 0.2 + 0.6 * random.uniform()
  const isOfOne = random.uniform() < 0.5
  const gateway = random.below(gateways)
  return exists ? { first, length, returning, gateway: isOfOne ? gateway : undefined } : undefined
}

/** Draws nothing. */
export function addOutage({ first, length, returning }: Outage, means: Float64Array, causes: CauseMap): void {
  const end = min(first + length, MINUTES)
  let missed = 0
  for (let minute = first; minute < end; minute++) {
    missed += means[minute] as number
    means[minute] = 0
  }
  const decay = exp(-RETURN_PART / length)
  const last = min(end + 5 * ceil(length / RETURN_PART), MINUTES)
  for (let minute = end, part = 1 - decay; minute < last; minute++, part *= decay) {
    means[minute] = (means[minute] as number) + missed * returning * part
  }
  causes.mark('outage', first, end - 1)
  causes.mark('catch-up', end, last + AFTER)
}

/** Minutes of a zone that its source did not deliver, or of which it lost records. */
export interface Gap {
  readonly first: number
  readonly length: number
  /** Part of the records that are there all the same; 0: the minutes are missing. */
  readonly left: number
}

/** Draws the number, and for each: first minute; length; whether a part is left; which. */
export function drawGaps(random: Random): Gap[] {
  return Array.from({ length: random.below(3) }, () => {
    const first = DAY + random.below(MINUTES - 2 * DAY)
    const length = 5 + random.below(235)
    const isPartial = random.uniform() < 0.4
    const left = 0.1 + 0.8 * random.uniform()
    return { first, length, left: isPartial ? left : 0 }
  })
}

/** Draws what is left of each minute. The first and the last minute of a gap are partial in any case. */
export function addGap(
  random: Random,
  { first, length, left }: Gap,
  counts: Int32Array,
  observed: Uint8Array,
  causes: CauseMap,
): void {
  for (let minute = first; minute < first + length; minute++) {
    const isEdge = minute === first || minute === first + length - 1
    const part = isEdge ? 0.5 : left
    const count = counts[minute] as number
    counts[minute] = min(count, random.poisson(part * count))
    observed[minute] = part === 0 ? observation.missing : observation.partial
  }
  causes.mark('gap', first, first + length + AFTER)
}

/** Bursts of retries of a gateway in all weeks. */
const RETRIES_EXPECTED = 0.75

/**
 * Clients that fail and try again after 1, 2, 4, … minutes, fewer each time. Draws the number, and for each: minute; clients; at each try the part that fails again, and whether it comes later.
 */
export function addRetries(random: Random, means: Float64Array, counts: Int32Array, causes: CauseMap): void {
  const bursts = random.poisson(RETRIES_EXPECTED)
  for (let burst = 0; burst < bursts; burst++) {
    const first = DAY + random.below(MINUTES - 2 * DAY)
    let clients = 2 + random.poisson((0.5 + 1.5 * random.uniform()) * (means[first] as number))
    // Two tries in the first minute, then one after each doubled wait.
    let minute = first
    let tries = 2 * clients
    for (let wait = 1; clients > 0 && minute < MINUTES; wait *= 2) {
      if (!causes.is('outage', minute)) counts[minute] = (counts[minute] as number) + tries
      clients = floor(clients * (0.4 + 0.4 * random.uniform()))
      tries = clients
      minute += wait + random.below(2)
    }
    causes.mark('retry', first, minute + AFTER)
  }
}
