import type { EpochMs } from '../../../core/clock.ts'
import type { Connection, Document, IndexName } from './documents.ts'
import type { Plan } from './schedule.ts'
import { SURE, skewLimit } from './settings.ts'
import type { Line, Said } from './stories.ts'

/**
 * What a rule names because it cannot be known, and the counter that names it. A counter that is not exposed is taken
 * for 0.
 */
export const exceptions = {
  leadingAfterPartner: { metric: 'clawtrust_pair_exceptions_total', labels: { exception: 'leading_after_partner' } },
  beyondHorizon: { metric: 'clawtrust_pair_exceptions_total', labels: { exception: 'beyond_horizon' } },
  backfill: { metric: 'clawtrust_backfill_events_total', labels: {} },
  beyondOverlap: { metric: 'clawtrust_beyond_overlap_total', labels: {} },
} as const satisfies Record<string, { metric: string; labels: Readonly<Record<string, string>> }>

export type ExceptionName = keyof typeof exceptions
export type Exceptions = Readonly<Partial<Record<ExceptionName, readonly [least: number, most: number]>>>

/** One way in which a connection may have been counted, all of them true by the rules. */
export interface Outcome {
  /** By series. */
  readonly counts: Readonly<Record<string, number>>
  readonly exceptions: Exceptions
}

/** What happened to one exporter, step by step of the plan. */
export interface Observed {
  /** What the clock of the round showed when the step was done. */
  readonly clock: readonly EpochMs[]
  /** Whether the exporter ran at any time of the step. */
  readonly ran: readonly boolean[]
}

/** A document in its time: as it is, and from which step on everybody can find it. */
interface Sighting {
  readonly document: Document
  readonly written: number
  readonly visible: number
}

/** Further than this a stamp may not be ahead of what an exporter has read, if a lone partner is not to be counted. */
const SOON = 50_000

/** The truth of a plan, for one exporter. */
export class Oracle {
  readonly #plan: Plan
  readonly #observed: Observed
  readonly #sightings: ReadonlyMap<Document, Sighting>
  /** The furthest that any exporter can have read, by step. */
  readonly #possible: readonly EpochMs[]
  /** The furthest that this one can have read. */
  readonly #frontier: readonly EpochMs[]
  /** Steps before which all that is visible is read. */
  readonly #settled: readonly number[]
  readonly #newestOfHistory: EpochMs

  constructor(plan: Plan, observed: Observed) {
    this.#plan = plan
    this.#observed = observed
    this.#sightings = sightingsOf(plan)
    this.#possible = this.#furthest()
    let furthest = plan.settings.start
    this.#frontier = this.#possible.map((time, step) => {
      if (observed.ran[step]) furthest = Math.max(furthest, time)
      return furthest
    })
    this.#newestOfHistory = plan.history.reduce((newest, { stamp }) => Math.max(newest, stamp), 0)
    this.#settled = plan.steps.flatMap((step, number) => (step.kind === 'clock' && step.settles ? [number] : []))
  }

  /** The ways in which a connection may have been counted; one where the rules leave nothing open. */
  outcomes(connection: Connection): readonly Outcome[] {
    if (connection.age === 'history') return [this.#history(connection)]
    if (connection.age === 'backfill') return [backfilled(connection)]
    return distinct(this.#readings(connection).flatMap(reading => this.#counted(connection, reading)))
  }

  /**
   * An exporter that does not see its index at once, as on a busy machine, reads the last `max_skew` of what lies there
   * and names its events.
   */
  #history(connection: Connection): Outcome {
    const from = this.#newestOfHistory - this.#plan.settings.maxSkew
    const events = connection.documents.some(({ stamp }) => stamp > from) ? eventsOf(connection) : 0
    return { counts: {}, exceptions: events === 0 ? {} : { backfill: [0, events] } }
  }

  /** Documents of one id in one stream: whichever of them is read, is read once. */
  #groups({ documents }: Connection): readonly (readonly Document[])[] {
    return [...Map.groupBy(documents, ({ line, id }) => `${line} ${id}`).values()]
  }

  /** What may have been read of a connection: all of it, but for what came when the horizon may have left it. */
  #readings(connection: Connection): readonly Reading[] {
    let readings: Reading[] = [{ read: [], missed: 0 }]
    for (const group of this.#groups(connection)) {
      const isSure = group.some(document => this.#isSurelyRead(document))
      readings = readings.flatMap(({ read, missed }) => [
        { read: [...read, group], missed },
        ...(isSure ? [] : [{ read, missed: missed + group.length }]),
      ])
    }
    return readings
  }

  #counted({ lines, eventTime }: Connection, { read, missed }: Reading): readonly Outcome[] {
    const told = read.map(group => ({ line: lines[group[0]?.line ?? 0] as Line, group }))
    const alone = told.filter(({ line }) => line.role === 'alone').map(({ line }) => line.said)
    const leading = told.filter(({ line }) => line.role === 'leading')
    const partners = told.filter(({ line }) => line.role === 'partner')
    const copies = sum(read.map(group => this.#copiesLeft(group)))
    const beyondOverlap = missed + copies === 0 ? {} : { beyondOverlap: [missed, missed + copies] as const }
    const outcome = (said: readonly (Said | undefined)[], named: Exceptions = {}): Outcome => ({
      counts: countsOf([...alone, ...said]),
      exceptions: { ...beyondOverlap, ...named },
    })
    const first = leading[0]?.line.said
    const second = partners[0]?.line.said
    const counted = first ?? second
    const others = Math.max(0, leading.length + partners.length - 1)
    const mayBeForgotten = counted !== undefined && this.#mayBeForgotten(eventTime, read)
    const ways = [outcome([counted], mayBeForgotten ? { beyondHorizon: [0, 1] } : {})]
    if (first !== undefined && second !== undefined && !this.#isSurelyLed(leading, partners)) {
      ways.push(outcome([second], { leadingAfterPartner: [1, leading.length] }))
    }
    for (let again = 1; mayBeForgotten && again <= others; again++) {
      const said = Array.from({ length: again + 1 }, () => counted)
      ways.push(outcome(said, { beyondHorizon: [again, again + 1] }))
    }
    return ways
  }

  #isSurelyRead(document: Document): boolean {
    const { stamp } = document
    const { visible } = this.#sighting(document)
    return stamp > this.#frontierAt(visible) - (SURE + 0.1) * this.#plan.settings.horizon
  }

  /**
   * Copies of a document that is read, or was, whose minute the horizon may leave before it is compared with the index:
   * nothing waits for that. They are named, though nothing is missing.
   */
  #copiesLeft(group: readonly Document[]): number {
    const left = this.#frontierAt(this.#plan.steps.length) - (SURE + 0.1) * this.#plan.settings.horizon
    return Math.min(group.length - 1, group.filter(({ stamp }) => stamp <= left).length)
  }

  /**
   * The leading line cannot be read after its partner was counted: both come in one bulk that is visible at once, the
   * leading one has no later stamp, and until both are read no exporter gets a minute further.
   */
  #isSurelyLed(leading: readonly Told[], partners: readonly Told[]): boolean {
    const first = partners.flatMap(({ group }) => group)
    return leading.some(({ group }) =>
      group.some(document => {
        const { written, visible } = this.#sighting(document)
        return first.every(partner => {
          const other = this.#sighting(partner)
          const isTogether = other.written === written && other.visible === visible
          return isTogether && document.stamp <= partner.stamp && this.#reached(visible) <= partner.stamp + SOON
        })
      }),
    )
  }

  /** How far an exporter gets before everything that is visible at this step is read. */
  #reached(visible: number): EpochMs {
    const next = this.#settled.find(step => step > visible)
    return this.#possible[next === undefined ? this.#possible.length - 1 : next - 1] ?? Number.POSITIVE_INFINITY
  }

  /** A line may be read when the key of its connection is remembered no more. */
  #mayBeForgotten(eventTime: EpochMs, read: Reading['read']): boolean {
    const latest = eventTime + (SURE + 0.1) * this.#plan.settings.horizon
    return read.some(group =>
      group.some(document => Math.max(document.stamp, this.#reached(this.#sighting(document).visible)) > latest),
    )
  }

  /** What becomes visible after the last step does so before the clock moves on. */
  #frontierAt(step: number): EpochMs {
    return this.#frontier[Math.min(step, this.#frontier.length - 1)] ?? this.#plan.settings.start
  }

  #sighting(document: Document): Sighting {
    return this.#sightings.get(document) as Sighting
  }

  /** The furthest that an exporter that runs can have read, by step: ahead of the clock by what is stamped ahead of it. */
  #furthest(): readonly EpochMs[] {
    const { clock } = this.#observed
    const { maxSkew } = this.#plan.settings
    const most = maxSkew + skewLimit(maxSkew)
    const ahead = clock.map(() => 0)
    for (const { document, visible } of this.#sightings.values()) {
      const step = Math.max(0, visible)
      const distance = Math.min(most, document.stamp - (clock[step] ?? document.stamp))
      if (distance > (ahead[step] ?? 0)) ahead[step] = distance
    }
    let furthest = 0
    return clock.map((time, step) => {
      furthest = Math.max(furthest, ahead[step] ?? 0)
      return time + furthest
    })
  }
}

interface Reading {
  readonly read: readonly (readonly Document[])[]
  /** Documents that came too late. */
  readonly missed: number
}

interface Told {
  readonly line: Line
  readonly group: readonly Document[]
}

function backfilled(connection: Connection): Outcome {
  const events = eventsOf(connection)
  return { counts: {}, exceptions: events === 0 ? {} : { backfill: [events, events] } }
}

function eventsOf({ lines }: Connection): number {
  return sum(lines.map(({ said }) => said?.count ?? 0))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0)
}

function countsOf(said: readonly (Said | undefined)[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const one of said) if (one !== undefined) counts[one.series] = (counts[one.series] ?? 0) + one.count
  return counts
}

/** Ways that count alike are one, with the exceptions of any of them. */
function distinct(outcomes: readonly Outcome[]): readonly Outcome[] {
  const byCounts = new Map<string, Outcome>()
  for (const outcome of outcomes) {
    const key = JSON.stringify(Object.entries(outcome.counts).sort())
    const known = byCounts.get(key)
    byCounts.set(key, known === undefined ? outcome : { ...known, exceptions: either(known, outcome) })
  }
  return [...byCounts.values()]
}

function either({ exceptions: a }: Outcome, { exceptions: b }: Outcome): Exceptions {
  const names = new Set([...Object.keys(a), ...Object.keys(b)] as ExceptionName[])
  const range = (name: ExceptionName) => {
    const [[leastA, mostA], [leastB, mostB]] = [a[name] ?? [0, 0], b[name] ?? [0, 0]]
    return [name, [Math.min(leastA, leastB), Math.max(mostA, mostB)]] as const
  }
  return Object.fromEntries([...names].map(range))
}

/** From which step on each document can be found by whoever searches. */
export function sightingsOf({ steps, history }: Plan): ReadonlyMap<Document, Sighting> {
  const sightings = new Map<Document, Sighting>(
    history.map(document => [document, { document, written: -1, visible: -1 }]),
  )
  const held = new Set<IndexName>()
  let waiting: { readonly document: Document; readonly written: number }[] = []
  const show = (step: number, isShown: (index: IndexName) => boolean) => {
    for (const one of waiting) if (isShown(one.document.index)) sightings.set(one.document, { ...one, visible: step })
    waiting = waiting.filter(({ document }) => !isShown(document.index))
  }
  for (const [number, step] of steps.entries()) {
    if (step.kind === 'write') for (const document of step.documents) waiting.push({ document, written: number })
    else if (step.kind === 'hold') held.add(step.index)
    else if (step.kind === 'release' && held.delete(step.index)) show(number, index => index === step.index)
    else if (step.kind === 'refresh') show(number, index => !held.has(index))
  }
  show(steps.length, () => true)
  return sightings
}
