import { type BlindSpot, blindSpots } from '../../../core/blind-spots.ts'
import type { EpochMs } from '../../../core/clock.ts'
import { type SignalDefinition, type SignalName, signalNames, signals } from '../../../core/signals.ts'
import type { Reporter } from '../../../decoding/dialects/reporter.ts'
import type { SetupStep } from '../../../decoding/dialects/setup.ts'
import { type BlindReason, recordingsOnly, whyBlind } from './blindness.ts'
import type { CoveredSource } from './covered-source.ts'

export interface CoverageFacts {
  /** Those of a deployment; recordings cover nothing. */
  readonly sources: readonly CoveredSource[]
  /** True where nothing but recordings is played. */
  readonly isRecorded?: boolean
  readonly reporters: readonly Reporter[]
  /** Trust zones of the rules. */
  readonly trustZones: readonly string[]
}

/**
 * `fed`: a source that is up has reported an event. `quiet`: a source that is up reports it, and had no event. `blind`: a
 * zero means nothing.
 */
export const coverageStates = ['fed', 'quiet', 'blind'] as const
export type CoverageState = (typeof coverageStates)[number]

/** A dialect that a source reads and that reports a signal; of a source that looks at something itself, its own name. */
export interface Reader {
  readonly source: string
  readonly dialect: string
  readonly up: boolean
  readonly lastEvent?: EpochMs
}

export interface ZoneCoverage {
  readonly trustZone: string
  readonly state: CoverageState
  readonly lastEvent?: EpochMs
}

export interface SignalCoverage {
  readonly signal: SignalName
  readonly state: CoverageState
  /** The newest of all zones. */
  readonly lastEvent?: EpochMs
  /** Those with the newest event first. */
  readonly readers: readonly Reader[]
  readonly zones: readonly ZoneCoverage[]
  /** Why it is blind; empty where it is not. */
  readonly reasons: readonly BlindReason[]
  /** Sentences on what of it is not counted although it is read. */
  readonly limits: readonly string[]
  /** Dialects that report it and are not read, in the order of the registry. */
  readonly unread: readonly string[]
}

export interface BlindSpotCoverage {
  /** Its key in core/blind-spots.ts. */
  readonly name: string
  readonly what: string
  readonly signal: SignalName
  /** `unobservable` where no known program reports it. */
  readonly state: CoverageState | 'unobservable'
  /** What is reported in its place, where it is unobservable. */
  readonly instead?: string
  readonly readers: readonly Reader[]
  /** Dialects that would report it. */
  readonly unread: readonly string[]
}

/** What to add so that records of a dialect are written and read, or a source looks at something. */
export interface DialectSetup {
  readonly dialect: string
  readonly steps: readonly SetupStep[]
}

/** What of a deployment is read, and what is blind. */
export interface Coverage {
  /** True where nothing but recordings is played: then every signal is blind. */
  readonly isRecorded: boolean
  readonly signals: readonly SignalCoverage[]
  readonly blindSpots: readonly BlindSpotCoverage[]
  /** Of each dialect that is not read and would report something. */
  readonly setup: readonly DialectSetup[]
}

/** Pure: a bare host, a whole deployment and a broken one are rows of a table. */
export function coverageOf(facts: CoverageFacts): Coverage {
  const ofSignals = signalNames.map(signal => signalCoverage(signal, facts))
  const ofSpots = Object.entries(blindSpots).map(([name, spot]) => spotCoverage(name, spot, facts))
  const unread = new Set([...ofSignals, ...ofSpots].flatMap(one => one.unread))
  return {
    isRecorded: facts.isRecorded === true,
    signals: ofSignals,
    blindSpots: ofSpots,
    setup: facts.reporters
      .filter(({ name }) => unread.has(name))
      .map(({ name, documentation }) => ({ dialect: name, steps: documentation.setup })),
  }
}

function signalCoverage(signal: SignalName, facts: CoverageFacts): SignalCoverage {
  const definition: SignalDefinition = signals[signal]
  const reported = (definition.derivedFrom ?? [signal]) as readonly SignalName[]
  const reports = facts.reporters.filter(one => one.signals.some(name => reported.includes(name)))
  const readers = readersOf(reported, reports, facts)
  const state = stateOf(readers)
  const why = facts.isRecorded === true ? [recordingsOnly] : whyBlind(reported, reports, facts.sources)
  const events = facts.sources.flatMap(({ lastEvents }) => lastEvents).filter(event => event.signal === signal)
  const zoneNames = [definition.trustZone, ...events.map(({ trustZone }) => trustZone), ...facts.trustZones]
  return {
    signal,
    state,
    ...newest(events.map(({ time }) => time)),
    readers,
    zones: [...new Set(zoneNames)].map(trustZone => {
      const last = newest(events.filter(event => event.trustZone === trustZone).map(({ time }) => time))
      return { trustZone, state: zoneState(state, last.lastEvent), ...last }
    }),
    reasons: state === 'blind' ? why : [],
    limits: facts.sources.flatMap(({ incomplete }) =>
      incomplete.filter(({ dialect }) => reports.some(({ name }) => name === dialect)).map(({ sentence }) => sentence),
    ),
    unread: unreadOf(reports, readers),
  }
}

function spotCoverage(name: string, spot: BlindSpot, facts: CoverageFacts): BlindSpotCoverage {
  const { what, signal, observers, instead } = spot
  const reports = facts.reporters.filter(one => observers.includes(one.observer) && one.signals.includes(signal))
  const readers = readersOf([signal], reports, facts)
  const state = observers.length === 0 ? 'unobservable' : stateOf(readers)
  const rest = instead === undefined ? {} : { instead }
  return { name, what, signal, state, ...rest, readers, unread: unreadOf(reports, readers) }
}

/** What sources read of these dialects, but for those whose stream is not authoritative and reported nothing. */
function readersOf(
  reported: readonly SignalName[],
  reports: readonly Reporter[],
  { sources }: CoverageFacts,
): readonly Reader[] {
  const readers = sources.flatMap(({ name: source, up, dialects, lastEvents }) =>
    reports.flatMap(({ name: dialect, signals: own }): Reader[] => {
      const events = lastEvents.filter(event => event.dialect === dialect && reported.includes(event.signal))
      const withheld = dialects.get(dialect)
      const isReader = withheld !== undefined && own.some(name => reported.includes(name) && !withheld.has(name))
      if (events.length === 0 && !isReader) return []
      return [{ source, dialect, up, ...newest(events.map(({ time }) => time)) }]
    }),
  )
  return readers.sort((a, b) => (b.lastEvent ?? 0) - (a.lastEvent ?? 0))
}

function stateOf(readers: readonly Reader[]): CoverageState {
  const up = readers.filter(reader => reader.up)
  if (up.some(({ lastEvent }) => lastEvent !== undefined)) return 'fed'
  return up.length > 0 ? 'quiet' : 'blind'
}

function zoneState(state: CoverageState, lastEvent: EpochMs | undefined): CoverageState {
  if (state === 'blind') return 'blind'
  return lastEvent === undefined ? 'quiet' : 'fed'
}

function unreadOf(reports: readonly Reporter[], readers: readonly Reader[]): readonly string[] {
  return reports.map(({ name }) => name).filter(name => !readers.some(({ dialect, up }) => up && dialect === name))
}

function newest(times: readonly EpochMs[]): { readonly lastEvent?: EpochMs } {
  return times.length === 0 ? {} : { lastEvent: Math.max(...times) }
}
