import { type Clock, DAY_MS, type EpochMs } from '../../core/clock.ts'
import type { SecurityEvent } from '../../core/event.ts'
import { type Guard, guardStates, guards } from '../../core/labels/guards.ts'
import type { TrustZones } from '../../core/trust-zones.ts'
import type { RawRecord } from '../../decoding/toolkit/record.ts'
import { LABEL_VALUE_LIMIT } from '../../service/series/label-values.ts'
import type { Metric, SeriesStore } from '../../service/series/series.ts'
import type { Json } from '../../service/state/state.ts'
import type { ChangedRow, JsonPersistent, SavedRow } from '../contracts/persistent.ts'
import { assessGuard, type GuardAssessment, type GuardExpectation } from './guard-assessment.ts'
import type { InterpretedReport, interpret } from './interpret.ts'
import { isBeforeInstallation } from './source-state.ts'
import { type SavedGuard, WatchedGuard } from './watched-guard.ts'

/** A guard that the configuration names. */
export interface ConfiguredGuard extends GuardExpectation {
  readonly guard: Guard
  readonly gateway: string
  /** The gateway under which its records come, where that is another name. */
  readonly recordsOf?: string
}

/** What is expected of a guard that no configuration names. */
export const observedGuard: GuardExpectation = { silence: 15 * 60_000, busyEvents: 5 }

/** Most guards that are watched; of the observed ones that which was heard longest ago goes first. */
const CAPACITY = 1_000
/** An observed guard that was not heard for this time was removed. */
const FORGOTTEN_MS = 7 * DAY_MS

/** Engines that decide about what an agent does, and not about a client or an operator. */
const enginesOfAgents = new Set<string | undefined>([
  'openclaw-tools',
  'openclaw-exec',
  'openclaw-sandbox',
  'openclaw-egress',
  'openclaw-ssrf',
])

export interface GuardsOptions {
  readonly store: SeriesStore
  readonly clock: Pick<Clock, 'now'>
  readonly zones: TrustZones
  readonly configured: readonly ConfiguredGuard[]
  /** Event time up to which a source is read; undefined where the configuration has no such source. */
  readonly readTo: (source: string) => EpochMs | undefined
  /** The same of the source that is read least far. */
  readonly allReadTo: () => EpochMs
  /** An observed guard was given up for a newer one: nothing is known of it any more. */
  readonly onEvicted: () => void
}

type ObservedRecord = ReturnType<typeof interpret>

interface Watched {
  readonly gateway: string
  readonly guard: Guard
  readonly trustZone: string
  readonly isConfigured: boolean
  readonly state: WatchedGuard
}

/**
 * Whether the guards beside each gateway are in the path of its agents and enforce: those that the configuration names,
 * and those whose records were read.
 */
export class Guards implements JsonPersistent {
  readonly key = 'guards/'
  readonly format = 'json'
  readonly #options: GuardsOptions
  readonly #up: Metric
  readonly #state: Metric
  readonly #busy: Metric
  readonly #watched = new Map<string, Watched>()
  /** By the guard and the gateway under which its records come. */
  readonly #renamed: ReadonlyMap<string, string>
  readonly #changed = new Set<string>()

  constructor(options: GuardsOptions) {
    this.#options = options
    const define = (name: string, help: string, ...further: readonly string[]) =>
      options.store.define({
        name,
        help,
        type: 'gauge',
        labels: ['gateway', 'trust_zone', 'guard', ...further],
        durable: false,
        limit: CAPACITY * (further.length === 0 ? 1 : guardStates.length),
      })
    this.#up = define(
      'clawtrust_guard_up',
      'Whether a guard beside the gateway is known to be in the path of its agents and to enforce; 0 also where nothing is known: clawtrust_guard_state shows why.',
    )
    this.#state = define(
      'clawtrust_guard_state',
      `1 for the state of a guard beside the gateway, 0 for all others: ${guardStates.join(', ')}.`,
      'state',
    )
    this.#busy = define(
      'clawtrust_guard_busy',
      'Whether the agents of the gateway did enough in the last period that its guard must have inspected something.',
    )
    this.#renamed = new Map(
      options.configured.flatMap(({ guard, gateway, recordsOf }) =>
        recordsOf === undefined ? [] : [[keyOf(recordsOf, guard), gateway] as const],
      ),
    )
    for (const { guard, gateway, ...expected } of options.configured) this.#watch(gateway, guard, expected, true)
  }

  /** What a record shows of the guard that wrote it, or of what an agent does. */
  observe(source: string, record: Pick<RawRecord, 'countsFrom'>, interpreted: ObservedRecord): void {
    const { guard } = interpreted
    if (guard !== undefined) {
      if (!isBeforeInstallation(record, guard.time)) this.#report(source, guard)
    } else if (interpreted.kind === 'event' && !isBeforeInstallation(record, interpreted.events[0].eventTime)) {
      this.#observeEvent(source, interpreted.events[0])
    }
  }

  /** Moves the gauges on. */
  expose(now: EpochMs): void {
    for (const [key, watched] of this.#watched) {
      const { lastRecord } = watched.state
      watched.state.clockReached(now)
      if (!watched.isConfigured && now - (lastRecord ?? 0) > FORGOTTEN_MS) this.#forget(key, watched)
      else this.#show(watched, this.#assess(watched, now))
    }
  }

  changes(): readonly ChangedRow<Json>[] {
    const rows = [...this.#changed].map(name => ({ name, value: this.#watched.get(name)?.state.toJson() ?? null }))
    this.#changed.clear()
    return rows
  }

  restore(rows: readonly SavedRow<Json>[]): void {
    for (const { name, value } of rows) {
      const [gateway, guard] = JSON.parse(name) as [string, Guard]
      const watched = this.#watched.get(name) ?? this.#watch(gateway, guard, observedGuard, false)
      watched.state.restore(value as unknown as SavedGuard)
    }
  }

  #report(source: string, { gateway: named, report, time }: InterpretedReport): void {
    if (named.length > LABEL_VALUE_LIMIT) return
    const { guard } = report
    const renamed = this.#renamed.size === 0 ? undefined : this.#renamed.get(keyOf(named, guard))
    const gateway = renamed ?? named
    const key = keyOf(gateway, guard)
    const own = this.#watched.get(key) ?? this.#watch(gateway, guard, observedGuard, false)
    // A forged time must not show a guard as heard that is silent by then.
    const heard = Math.min(time, this.#options.clock.now())
    own.state.report(report, source, heard)
    this.#changed.add(key)
    if (report.inspects) this.#act(source, gateway, heard, 1, guard)
  }

  #observeEvent(source: string, { signal, labels, gateway, eventTime, count }: SecurityEvent): void {
    const isAct = signal === 'approvals' || (signal === 'policy_decisions' && enginesOfAgents.has(labels.engine))
    if (isAct) this.#act(source, gateway, Math.min(eventTime, this.#options.clock.now()), count)
  }

  /** What an agent of the gateway did is seen by all but one of its guards. */
  #act(source: string, gateway: string, time: EpochMs, count: number, by?: Guard): void {
    if (this.#watched.size === 0) return
    for (const guard of guards) {
      if (guard === by) continue
      const key = keyOf(gateway, guard)
      const watched = this.#watched.get(key)
      if (watched === undefined) continue
      watched.state.act(source, time, count)
      this.#changed.add(key)
    }
  }

  #assess({ state }: Watched, now: EpochMs): GuardAssessment {
    const { expected } = state
    const read = [...state.sources].flatMap(source => this.#options.readTo(source) ?? [])
    const at = Math.min(now, read.length === 0 ? this.#options.allReadTo() : Math.min(...read))
    // What is not read yet may be all that a guard has written.
    if (now - at > expected.silence) return { state: 'unknown', isBusy: false }
    return assessGuard(state.factsAt(at), expected, state.actsBefore(at), at)
  }

  #show({ gateway, trustZone, guard }: Watched, { state, isBusy }: GuardAssessment): void {
    this.#up.series(gateway, trustZone, guard).value = state === 'up' ? 1 : 0
    this.#busy.series(gateway, trustZone, guard).value = isBusy ? 1 : 0
    for (const each of guardStates) this.#state.series(gateway, trustZone, guard, each).value = each === state ? 1 : 0
  }

  #watch(gateway: string, guard: Guard, expected: GuardExpectation, isConfigured: boolean): Watched {
    const subsystem = `guard/${guard}`
    const trustZone = this.#options.zones.zoneOf({ gateway, signal: 'posture_drifts', subsystem, service: guard })
    const watched = { gateway, guard, trustZone, isConfigured, state: new WatchedGuard(expected) }
    this.#watched.set(keyOf(gateway, guard), watched)
    if (this.#watched.size > CAPACITY) this.#evict(watched)
    return watched
  }

  #evict(newest: Watched): void {
    const observed = [...this.#watched].filter(([, each]) => !each.isConfigured && each !== newest)
    const heardAt = ([, { state }]: (typeof observed)[number]) => state.lastRecord ?? 0
    const [first] = observed.sort((a, b) => heardAt(a) - heardAt(b))
    if (first === undefined) return
    this.#forget(...first)
    this.#options.onEvicted()
  }

  #forget(key: string, { gateway, trustZone, guard }: Watched): void {
    this.#watched.delete(key)
    this.#changed.add(key)
    this.#up.remove(gateway, trustZone, guard)
    this.#busy.remove(gateway, trustZone, guard)
    for (const state of guardStates) this.#state.remove(gateway, trustZone, guard, state)
  }
}

const keyOf = (gateway: string, guard: Guard): string => JSON.stringify([gateway, guard])
