import type { EpochMs } from '../../../core/clock.ts'
import { signalNames } from '../../../core/signals.ts'
import type { Turns } from '../../../service/event-loop/turns.ts'
import type { Scoring } from '../../detection/scoring.ts'
import type { RetainedMinutes } from '../../pipeline/minutes.ts'
import type { SeriesGroup } from '../../pipeline/series-table.ts'
import type { LastHour } from '../stats/last-hour.ts'
import type { UsualHours } from '../stats/usual-hours.ts'
import { firstMinute, ZoneHour } from '../stats/zone-hour.ts'
import type { SignalView, ZoneView } from './model.ts'
import { scoresOf } from './score-views.ts'

export interface ZoneFacts {
  readonly now: EpochMs
  readonly minutes: RetainedMinutes
  /** Since when all sources have been read: before, a minute without a count is no zero. */
  readonly readSince: EpochMs | undefined
  readonly lastHour: LastHour
  readonly usualHours: UsualHours
  readonly scoring: Pick<Scoring, 'of'>
  readonly isSynthetic: (gateway: string) => boolean
  /** There may be a series for each gateway. */
  readonly turns: Turns
}

/** The last hour of every trust zone and signal, summed over gateways. */
export async function zoneViews(facts: ZoneFacts): Promise<ZoneView[]> {
  const zones = Map.groupBy(facts.minutes.groups, ({ trustZone }) => trustZone)
  const views: ZoneView[] = []
  for (const [trustZone, groups] of zones) {
    const inOrder = signalNames.flatMap(signal => groups.filter(group => group.signal === signal))
    const signals: SignalView[] = []
    for (const group of inOrder) signals.push(await signalView(group, facts))
    views.push({ trustZone, signals })
  }
  return views
}

async function signalView(group: SeriesGroup, facts: ZoneFacts): Promise<SignalView> {
  const { trustZone, signal } = group
  const { now, lastHour, usualHours, scoring, turns } = facts
  const { hour, synthetic } = await hourOf(group, facts)
  const usualPerHour = usualHours.usual(trustZone, signal)
  const minutesOfHour = hour.minutes()
  return {
    signal,
    minutes: minutesOfHour,
    reasons: lastHour.reasons(trustZone, signal, now),
    gateways: hour.gateways,
    otherGateways: hour.otherGateways,
    shared: hour.shared,
    synthetic,
    ...(usualPerHour === undefined ? {} : { usualPerHour }),
    ...(await scoresOf(scoring, trustZone, signal, minutesOfHour, turns)),
  }
}

async function hourOf(
  { byGateway }: SeriesGroup,
  { now, readSince, minutes, isSynthetic, turns }: ZoneFacts,
): Promise<{ hour: ZoneHour; synthetic: boolean }> {
  const hour = new ZoneHour(now, readSince)
  const [first, end] = [firstMinute(now) / 1000, now / 1000]
  const lostBy = new Map<ReadonlySet<string>, ReadonlySet<number>>()
  let [active, synthetic] = [0, 0]
  for (const series of byGateway.values()) {
    const lost = lostBy.get(series.contributingSources) ?? minutes.lost(series.contributingSources, first, end)
    lostBy.set(series.contributingSources, lost)
    if (hour.add(series, lost) > 0) {
      active += 1
      if (isSynthetic(series.key.gateway)) synthetic += 1
    }
    if (turns.spend()) await turns.next()
  }
  return { hour, synthetic: active > 0 && synthetic === active }
}
