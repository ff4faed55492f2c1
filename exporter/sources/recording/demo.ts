import { type Clock, DAY_MS, type EpochMs, HOUR_MS } from '../../../core/clock.ts'
import { sleepUntilAborted } from '../../../service/event-loop/sleep.ts'
import type { Batch, Source, SourceRecord, SourceStart } from '../../contracts/source.ts'
import type { Sleep } from '../../contracts/source-kind.ts'
import { readCapturedLines } from './captured-lines.ts'
import { demoHour } from './demo-hour.ts'
import { createDemoMoments, type DemoMoments } from './demo-moments.ts'
import { observedIn } from './demo-observed.ts'
import { playedBatch } from './played.ts'

/** Days of backfill that the demo has. */
export const DEMO_DAYS = 15
/** How many days before the start the attack day lies, unless another is configured. */
const ATTACK_DAYS_AGO = 2
/** Milliseconds between two looks at the clock. */
const PACE_MS = 1_000

export interface DemoOptions {
  readonly name: string
  readonly gateway?: string
  /** Another seed gives another demo. */
  readonly seed?: number
  /** Whole days (UTC) from the attack day to the start; at 0 it is the day of the start. Default: 2. */
  readonly attackDaysAgo?: number
}

export interface RecordingDependencies {
  readonly clock: Clock
  readonly sleep?: Sleep
}

/**
 * A synthetic gateway: 15 days of ordinary life with one attack day as backfill, then live records. What it writes
 * is made from real lines; that it happened is invented, which `synthetic` says.
 */
export function createDemoSource(
  options: DemoOptions,
  { clock, sleep = sleepUntilAborted }: RecordingDependencies,
): Source {
  const moments = createDemoMoments(readCapturedLines())
  const begun = clock.now()
  const firstHour = Math.floor((begun - DEMO_DAYS * DAY_MS) / HOUR_MS) * HOUR_MS
  const attack = (Math.floor(begun / DAY_MS) - (options.attackDaysAgo ?? ATTACK_DAYS_AGO)) * DAY_MS
  const records = recordsOf(options, moments, attack)
  return {
    name: options.name,
    kind: 'recording',
    durable: false,
    synthetic: true,
    health: () => ({ up: true, backlog: 0 }),
    async *read({ signal }: SourceStart): AsyncIterable<Batch> {
      let reached = begun
      while (!signal.aborted) {
        const now = Math.max(reached, clock.now())
        yield playedBatch(records(reached, now), now)
        reached = now
        await sleep(PACE_MS, signal)
      }
    },
    async *backfill({ signal }: SourceStart): AsyncIterable<Batch> {
      for (let from = firstHour; from < begun && !signal.aborted; from += DAY_MS) {
        const to = Math.min(from + DAY_MS, begun)
        yield playedBatch(records(from, to), to)
      }
    },
  }
}

/** The records of the lines that are written from one time on, up to and without another. */
function recordsOf(
  { gateway = 'demo-gateway', seed = 1 }: DemoOptions,
  moments: DemoMoments,
  attack: EpochMs,
): (from: EpochMs, to: EpochMs) => readonly SourceRecord[] {
  const kept = new Map<EpochMs, readonly (SourceRecord & { readonly time: EpochMs })[]>()
  const inHour = (hour: EpochMs) => {
    const known = kept.get(hour)
    if (known !== undefined) return known
    const lines = demoHour(moments, seed, hour, attack)
    const written = lines.map(({ line, time }, index) => ({
      id: `${hour}:${index}`,
      body: bodyOf(line),
      gateway,
      time,
    }))
    const observed = observedIn(hour).map(({ time, ...decoded }, index) => ({
      id: `${hour}:observed:${index}`,
      body: '',
      decoded,
      gateway,
      time,
    }))
    const records = [...written, ...observed]
    for (const old of kept.keys()) if (old < hour - HOUR_MS) kept.delete(old)
    kept.set(hour, records)
    return records
  }
  return (from, to) => {
    const found: (SourceRecord & { readonly time: EpochMs })[] = []
    // What began in the hour before may reach over.
    for (let hour = Math.floor(from / HOUR_MS) * HOUR_MS - HOUR_MS; hour < to; hour += HOUR_MS) {
      for (const record of inHour(hour)) if (record.time >= from && record.time < to) found.push(record)
    }
    return found.sort((a, b) => a.time - b.time).map(({ time: _, ...record }) => record)
  }
}

/** Records of an identity provider are documents, not lines of a log. */
function bodyOf(line: string): SourceRecord['body'] {
  return line.startsWith('{"event":') ? JSON.parse(line) : line
}
