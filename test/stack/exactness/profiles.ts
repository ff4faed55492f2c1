import { HOUR_MS, MINUTE_MS } from '../../../core/clock.ts'
import type { StoryName } from './stories.ts'

export type Range = readonly [least: number, most: number]

/** How often something befalls a connection, 0 to 1. */
export interface Fates {
  /** Its second line is stamped minutes after the first, by another shipper or in a later phase. */
  readonly apart: number
  /** A line is stored minutes after the time with which it is stamped. */
  readonly late: number
  /** A line is written again under its id into the next index of the stream. */
  readonly repeated: number
  /** A line is written again under its id with a newer stamp, in place of the first. */
  readonly rewritten: number
  /** A line is written again under another id. */
  readonly doubled: number
  /** A line is stamped up to `max_skew` ahead. */
  readonly ahead: number
  /** A line is stamped hours or days ahead. */
  readonly farAhead: number
  /** The event is minutes older than its stamp: the shipper read the line late. */
  readonly delayed: number
  /** A line is stored when the horizon has left its stamp, or is about to. */
  readonly beyond: number
  /** The event is days older than the first start: an old log, shipped now. */
  readonly backfill: number
}

/** What may happen to an exporter while documents are written. `jump`: its clock is set. */
export type ExporterAction = 'kill' | 'stop' | 'pause' | 'reload' | 'start' | 'jump'
/** What may happen to an index, and to Elasticsearch itself: `freeze` holds it for a moment. */
export type ServerAction = 'hold' | 'release' | 'freeze'
export type ActionName = ExporterAction | ServerAction

/** `horizon` and `max_skew` of the source. */
export interface Clocks {
  readonly horizon: number
  readonly maxSkew: number
}

/** A kind of round. Times in milliseconds. */
export interface Profile {
  readonly connections: Range
  readonly phases: Range
  /** Bulks of one phase. */
  readonly parts: Range
  /** Actions of one phase. */
  readonly actions: Range
  readonly among: readonly ActionName[]
  readonly gateways: Range
  readonly shards: readonly number[]
  readonly clocks: readonly Clocks[]
  readonly pageSizes: readonly number[]
  readonly overlaps: readonly number[]
  /** From one phase to the next. */
  readonly advances: readonly Range[]
  /** Stamps of one phase lie this close together. */
  readonly spans: readonly number[]
  /** How the index is found at the first start. */
  readonly found: readonly ('absent' | 'empty' | 'with history')[]
  /** How often the exporters are down while a phase is written. */
  readonly down: number
  /** How often all that is visible is read before the next phase begins; else the clock jumps while it is read. */
  readonly settled: number
  readonly shuffled: number
  /**
   * `request_timeout`, milliseconds. Where it is short, an exporter gives up on an Elasticsearch that is held; large
   * answers take longer on a busy machine.
   */
  readonly requestTimeout: number
  readonly fates: Fates
  /** Without it, all stories. */
  readonly stories?: readonly StoryName[]
}

const everyday: Profile = {
  connections: [60, 400],
  phases: [2, 4],
  parts: [1, 4],
  actions: [1, 5],
  among: ['kill', 'kill', 'kill', 'kill', 'stop', 'pause', 'reload', 'start', 'jump', 'hold', 'release', 'freeze'],
  gateways: [1, 6],
  shards: [1, 2, 3],
  clocks: [
    { horizon: 20 * MINUTE_MS, maxSkew: MINUTE_MS },
    { horizon: HOUR_MS, maxSkew: 5 * MINUTE_MS },
  ],
  pageSizes: [10, 50, 500, 2_000],
  overlaps: [0, 500, 2_000],
  advances: [
    [3 * MINUTE_MS, 5 * MINUTE_MS],
    [5 * MINUTE_MS, 8 * MINUTE_MS],
    [2 * HOUR_MS, 5 * HOUR_MS],
  ],
  spans: [0, 1_000, 20_000, 2 * MINUTE_MS],
  found: ['absent', 'empty', 'with history'],
  down: 0.3,
  settled: 0.7,
  shuffled: 0.5,
  requestTimeout: 5_000,
  fates: {
    apart: 0.1,
    late: 0.1,
    repeated: 0.1,
    rewritten: 0.05,
    doubled: 0.1,
    ahead: 0.05,
    farAhead: 0.01,
    delayed: 0.1,
    beyond: 0,
    backfill: 0,
  },
}

const quiet: Fates = {
  apart: 0,
  late: 0,
  repeated: 0,
  rewritten: 0,
  doubled: 0,
  ahead: 0,
  farAhead: 0,
  delayed: 0,
  beyond: 0,
  backfill: 0,
}

const lone: StoryName = 'refused, and the close is not there'
const pairs: readonly StoryName[] = ['refused, told by two lines', 'refused, and the two lines name two reasons', lone]

/** The rounds that are played. */
export const profiles = {
  everyday,
  /** Ordinary documents; only the exporters have a hard time. */
  calm: {
    ...everyday,
    among: ['kill', 'kill', 'stop', 'pause', 'reload', 'start'],
    spans: [0, 1_000, 20_000],
    found: ['empty', 'with history'],
    fates: quiet,
  },
  /** More connections are pending than any memory of old held, all within a moment. */
  flood: {
    ...everyday,
    connections: [106_000, 110_000],
    phases: [1, 1],
    parts: [1, 1],
    actions: [0, 1],
    among: ['kill', 'reload', 'pause'],
    gateways: [2, 2],
    shards: [3],
    clocks: [{ horizon: HOUR_MS, maxSkew: 5 * MINUTE_MS }],
    pageSizes: [2_000, 10_000],
    overlaps: [0, 500],
    spans: [0, 1_000],
    down: 0.5,
    shuffled: 1,
    requestTimeout: 60_000,
    fates: { ...quiet, doubled: 0.01, repeated: 0.01 },
    // Two thirds are one line, so that there are fewer documents for as many connections.
    stories: [...pairs, lone, lone, lone],
  },
  /** Half an hour of documents is found at the next start, in no order. */
  backlog: {
    ...everyday,
    connections: [3_000, 8_000],
    phases: [1, 2],
    parts: [1, 2],
    actions: [1, 4],
    clocks: [{ horizon: HOUR_MS, maxSkew: 5 * MINUTE_MS }],
    spans: [15 * MINUTE_MS],
    advances: [[2 * HOUR_MS, 5 * HOUR_MS]],
    down: 1,
    requestTimeout: 30_000,
    fates: { ...everyday.fates, farAhead: 0 },
  },
  /** Lines of one connection come minutes apart. */
  apart: {
    ...everyday,
    phases: [3, 4],
    spans: [1_000, 20_000],
    advances: [[3 * MINUTE_MS, 4 * MINUTE_MS]],
    found: ['empty', 'with history'],
    down: 0,
    actions: [0, 2],
    fates: { ...quiet, apart: 0.5 },
    stories: pairs,
  },
  /** Documents leave their minute under a newer stamp, others come late into it. */
  rewritten: {
    ...everyday,
    phases: [3, 4],
    parts: [1, 2],
    spans: [1_000, 20_000],
    advances: [[MINUTE_MS, 2 * MINUTE_MS]],
    found: ['empty', 'with history'],
    down: 0,
    actions: [0, 2],
    fates: { ...quiet, rewritten: 0.3, late: 0.1 },
  },
  /** A fresh installation: the index comes into being after the first start. */
  young: {
    ...everyday,
    connections: [40, 150],
    phases: [1, 2],
    parts: [1, 1],
    actions: [0, 2],
    found: ['absent'],
    down: 0,
    fates: { ...quiet, backfill: 0.1 },
  },
  /** What can be counted no more is named. */
  beyond: {
    ...everyday,
    phases: [3, 4],
    clocks: [{ horizon: 20 * MINUTE_MS, maxSkew: MINUTE_MS }],
    advances: [[25 * MINUTE_MS, HOUR_MS]],
    found: ['empty', 'with history'],
    down: 0.1,
    actions: [0, 2],
    fates: { ...quiet, apart: 0.05, late: 0.05, beyond: 0.05, repeated: 0.05 },
  },
} as const satisfies Record<string, Profile>

export type ProfileName = keyof typeof profiles
export const profileNames = Object.keys(profiles) as ProfileName[]

export function profileOf(name: ProfileName): Profile {
  return profiles[name]
}
