import type { Clock } from '../../../core/clock.ts'
import type { SecurityEvent, TraceReference } from '../../../core/event.ts'
import { reasonOf } from '../../../core/signals.ts'
import type { Turns } from '../../../service/event-loop/turns.ts'
import type { Source } from '../../contracts/source.ts'
import type { Scoring } from '../../detection/scoring.ts'
import { incompleteSentence, UNRECOGNISED, unrecognisedSentence } from '../../pipeline/recognition.ts'
import type { PipelineView } from '../../pipeline/view.ts'
import { sourceKind } from '../../sources/registry.ts'
import { runningCoverage } from '../signal-coverage/running.ts'
import type { Days } from '../stats/days.ts'
import type { LastHour } from '../stats/last-hour.ts'
import type { UsualHours } from '../stats/usual-hours.ts'
import { traceUrlOf } from '../trace-url.ts'
import type { EventView, PageModel, Readiness, SourceView, TraceView } from './model.ts'
import { postureView } from './posture-view.ts'
import { episodeViews, feedbackViews } from './score-views.ts'
import { versionsView } from './versions-view.ts'
import { zoneViews } from './zone-views.ts'

export interface OverviewFacts {
  readonly version: string
  readonly clock: Clock
  readonly sources: readonly Source[]
  readonly pipeline: PipelineView
  /** Trust zones of the rules. */
  readonly trustZones: readonly string[]
  readonly lastHour: LastHour
  readonly days: Days
  readonly usualHours: UsualHours
  readonly scoring: Scoring
  readonly readiness: Readiness
  readonly notes: readonly string[]
  /** `exporter.trace_url`. */
  readonly traceUrl?: string | undefined
  /** There may be thousands of gateways, each with several series. */
  readonly turns: Turns
}

const SHOWN_GATEWAYS = 100
const SHOWN_EVENTS = 50
/** Files, indices and gateways that a source shows as unrecognised, or as lacking a field. */
const SHOWN_UNRECOGNISED = 3

/** Everything that the page shows, as of the moment at which it is called or a little later. */
export async function overview(facts: OverviewFacts): Promise<PageModel> {
  const { version, clock, sources, pipeline, lastHour, days, usualHours, scoring, readiness, notes, turns } = facts
  const now = clock.now()
  const isSynthetic = syntheticGateways(facts)
  const begun = sources.map(({ name }) => pipeline.progress(name).began).filter(time => time !== undefined)
  const zones = await zoneViews({
    now,
    minutes: pipeline.minutes,
    readSince: begun.length > 0 ? Math.max(...begun) : undefined,
    lastHour,
    usualHours,
    scoring,
    isSynthetic,
    turns,
  })
  const posture = postureView(pipeline.posture, now)
  const versions = versionsView(pipeline.versions)
  const episodes = await episodeViews(scoring, now, isSynthetic, turns)
  return {
    version,
    now,
    readiness,
    notes,
    sources: sources.map(source => sourceView(source, facts)),
    coverage: runningCoverage({ sources, view: pipeline, trustZones: facts.trustZones }),
    gateways: pipeline.gateways
      .newest(SHOWN_GATEWAYS)
      .map(gateway => ({ ...gateway, synthetic: isSynthetic(gateway.name) })),
    gatewayCount: pipeline.gateways.size,
    zones,
    days: days.view(now),
    episodes,
    feedback: feedbackViews(scoring, now),
    ...(posture === undefined ? {} : { posture }),
    ...(versions === undefined ? {} : { versions }),
    events: pipeline
      .recentEvents()
      .slice(0, SHOWN_EVENTS)
      .map(event => eventView(event, isSynthetic, facts.traceUrl)),
    offenders: pipeline.offenders().map(({ gateway, address, embedded, signal, events, facts }) => {
      const synthetic = isSynthetic(gateway)
      return { address, ...(embedded !== undefined && { embedded }), signal, events, synthetic, facts }
    }),
  }
}

const moreThanShown = (all: number): string =>
  `${SHOWN_UNRECOGNISED} are shown of ${all} files, indices and gateways that are in no known format or lack a field; /api/v1/sources lists all.`

function sourceView(source: Source, { pipeline, clock }: OverviewFacts): SourceView {
  const { name, kind, synthetic = false } = source
  const { watermark, lastEvent, isRecognised, unrecognised, incomplete } = pipeline.progress(name)
  const health = source.health()
  const inputs = [...unrecognised.map(unrecognisedSentence), ...incomplete.map(incompleteSentence)]
  const notices = [
    ...(isRecognised === false ? [UNRECOGNISED] : []),
    ...inputs.slice(0, SHOWN_UNRECOGNISED),
    ...(inputs.length > SHOWN_UNRECOGNISED ? [moreThanShown(inputs.length)] : []),
    ...(health.notices ?? []),
  ]
  return {
    name,
    kind,
    synthetic,
    backlogUnit: sourceKind(kind).backlogUnit,
    ...health,
    unrecognised: isRecognised === false,
    notices,
    ...(watermark === undefined ? {} : { lag: Math.max(0, clock.now() - watermark) }),
    ...(lastEvent === undefined ? {} : { lastEvent }),
    ...pipeline.tallies(name),
  }
}

function eventView(
  event: SecurityEvent,
  isSynthetic: (gateway: string) => boolean,
  traceUrl: string | undefined,
): EventView {
  const { eventTime, signal, severity, count, trustZone, gateway, record, actor, code, change, details, trace } = event
  return {
    time: eventTime,
    signal,
    severity,
    reason: code === undefined ? reasonOf(event) : `${reasonOf(event)} (${code})`,
    count,
    trustZone,
    gateway,
    source: record.source,
    synthetic: isSynthetic(gateway),
    ...actor,
    ...(change === undefined ? {} : { change }),
    ...(details !== undefined && { details }),
    ...(trace !== undefined && { trace: traceView(trace, traceUrl) }),
  }
}

const traceView = (trace: TraceReference, template: string | undefined): TraceView => ({
  id: trace.traceId,
  ...(template !== undefined && { url: traceUrlOf(template, trace) }),
})

/** Gateways of which only synthetic sources have records. */
function syntheticGateways({ sources, pipeline }: OverviewFacts): (gateway: string) => boolean {
  const made = new Set(sources.filter(({ synthetic }) => synthetic === true).map(({ name }) => name))
  return gateway => {
    const from = made.size === 0 ? [] : pipeline.gateways.sourcesOf(gateway)
    return from.length > 0 && from.every(source => made.has(source))
  }
}
