import { observation } from '../seccount/corpus.ts'
import type { Random } from '../seccount/random.ts'
import type { CleanSeries, Regime } from '../seccount/series.ts'
import { type Calendar, DAY, drawCalendar, localTime, MINUTES } from './calendar.ts'
import { CauseMap } from './causes.ts'
import {
  addGap,
  addOutage,
  addRelease,
  addRetries,
  drawGaps,
  drawOutage,
  drawRelease,
  type Gap,
  type Outage,
  type Release,
} from './disturbances.ts'
import { addDailyJob, addPoller, type DailyJob, drawDailyJob, drawPoller } from './jobs.ts'
import { drawRhythm, type Rhythm, rhythmKinds } from './rhythm.ts'

const { exp, min } = Math

/** What the gateways of a zone have in common. */
interface Zone {
  readonly rate: number
  readonly calendar: Calendar
  readonly rhythm: Rhythm
  /** ln of the factor by which the level grows over all weeks. */
  readonly growth: number
  readonly release: Release | undefined
  readonly jobs: readonly DailyJob[]
  readonly outage: Outage | undefined
  readonly gaps: readonly Gap[]
  /** Slow changes of the level, of every minute. */
  readonly wander: Float64Array
}

/** The benign counts of a gateway, and what its attacks need to know of it. */
export interface Gateway extends CleanSeries {
  readonly since: number
  readonly observed: Uint8Array
  readonly causes: CauseMap
}

/** Days in which a gateway is new. */
const NEW_DAYS = 3
/** Days after a change of the clocks in which an alert is said to be of it. */
const CLOCK_DAYS = 3
/** Share of the slow changes that the gateways of a zone have in common, and of those of their own. */
const WANDER = 0.55
/** Most that a minute of a heavy tail has of the usual. */
const TAIL_LIMIT = 12

/**
 * Draws the gateways of a zone, in this order. Of the zone: rate; kind of rhythm; rhythm; calendar; growth; release;
 * number of daily jobs, jobs; outage; gaps; slow changes. Then of each gateway: `drawGateway`.
 * @param lateGateway whether the last gateway is new
 */
export function drawZone(random: Random, regime: Regime, gateways: number, lateGateway: boolean): Gateway[] {
  const rate = regime.rate * exp(0.4 * random.gauss())
  const kind = rhythmKinds[random.below(rhythmKinds.length)] as Rhythm['kind']
  const rhythm = drawRhythm(random, kind)
  const calendar = drawCalendar(random, kind !== 'machines')
  const growth = 0.6 * random.uniform() - 0.1
  const release = drawRelease(random)
  const jobs = Array.from({ length: random.below(3) }, () => drawDailyJob(random))
  const outage = drawOutage(random, gateways)
  const gaps = drawGaps(random)
  const zone = { rate, rhythm, calendar, growth, release, jobs, outage, gaps, wander: drawWander(random) }
  return Array.from({ length: gateways }, (_, gateway) =>
    drawGateway(random, zone, gateway, lateGateway && gateway === gateways - 1),
  )
}

/**
 * Draws in this order: rate; dispersion; part and exponent of the heavy tail; when it joins, if it is new; whether it is
 * polled, poller; slow changes; release; for each job of the zone whether it has it, stagger, its days; polls; counts (of
 * each minute: whether it is of the tail, how far, count); retries; gaps.
 */
function drawGateway(random: Random, zone: Zone, index: number, isNew: boolean): Gateway {
  const { calendar, rhythm } = zone
  const base = zone.rate * exp(0.35 * random.gauss())
  const dispersion = 0.05 + 0.6 * random.uniform()
  const tail = { part: 0.002 + 0.01 * random.uniform(), exponent: 1.6 + 1.4 * random.uniform() }
  const since = isNew ? 10 * DAY + random.below(7 * DAY) : 0
  const isPolled = random.uniform() < 0.3
  const poller = drawPoller(random)
  const causes = new CauseMap(MINUTES)
  const means = usualMeans(zone, base, drawWander(random), causes)
  if (zone.release !== undefined) addRelease(random, zone.release, means, causes)
  for (const job of zone.jobs) {
    const hasIt = random.uniform() < 0.75
    const stagger = random.below(6)
    if (hasIt) addDailyJob(random, job, calendar, stagger, base, means, causes)
  }
  if (isPolled) addPoller(random, poller, base, means)
  if (zone.outage !== undefined && (zone.outage.gateway ?? index) === index) addOutage(zone.outage, means, causes)
  if (isNew) {
    means.fill(0, 0, since)
    causes.mark('new gateway', since, since + NEW_DAYS * DAY)
  }
  const counts = drawCounts(random, means, dispersion, tail)
  const observed = new Uint8Array(MINUTES).fill(observation.complete)
  addRetries(random, means, counts, causes)
  for (const gap of zone.gaps) addGap(random, gap, counts, observed, causes)
  if (isNew) counts.fill(0, 0, since)
  return { counts, means, base, phase: phaseOf(calendar, rhythm), since, observed, causes }
}

/** Means of people's events: level, rhythm, growth and slow changes; marks the days on which they differ. */
function usualMeans(
  { calendar, rhythm, growth, wander }: Zone,
  base: number,
  own: Float64Array,
  causes: CauseMap,
): Float64Array {
  const means = new Float64Array(MINUTES)
  for (let minute = 0; minute < MINUTES; minute++) {
    const { minuteOfDay, isFree, level, holiday, isMonthEnd } = localTime(calendar, minute)
    const shape = (isFree ? rhythm.free : rhythm.working)[minuteOfDay] as number
    const slow = WANDER * ((wander[minute] as number) + (own[minute] as number))
    means[minute] = base * shape * level * exp(slow + (growth * minute) / MINUTES)
    if (holiday !== undefined) causes.mark(holiday.half ? 'half day' : 'holiday', minute)
    if (isMonthEnd) causes.mark('month end', minute)
  }
  const { change } = calendar.timeZone
  if (change !== undefined) causes.mark('daylight saving', change.minute, change.minute + CLOCK_DAYS * DAY)
  return means
}

/** As in version 1: half of a change is gone after six hours. */
function drawWander(random: Random): Float64Array {
  let wander = 0
  return Float64Array.from({ length: MINUTES }, () => {
    wander = 0.998 * wander + 0.02 * random.gauss()
    return wander
  })
}

function drawCounts(
  random: Random,
  means: Float64Array,
  dispersion: number,
  tail: { readonly part: number; readonly exponent: number },
): Int32Array {
  return Int32Array.from(means, mean => {
    const isOfTail = random.uniform() < tail.part
    const factor = isOfTail ? min(TAIL_LIMIT, (1 - random.uniform()) ** (-1 / tail.exponent)) : 1
    return random.negativeBinomial(mean * factor, dispersion)
  })
}

/** Where version 1 puts what happens off hours: 5 % of a day after the phase. Here it is the quietest minute, in UTC. */
function phaseOf({ timeZone }: Calendar, { quietest }: Rhythm): number {
  return ((quietest - timeZone.offset) / DAY - 0.05 + 2) % 1
}
