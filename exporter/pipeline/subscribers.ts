import type { SecurityEvent } from '../../core/event.ts'
import type { SeriesStore } from '../../service/series/series.ts'
import type {
  BackfilledMinutes,
  Completeness,
  EventPhase,
  EventSubscriber,
  MinuteKey,
} from '../contracts/subscriber.ts'
import { MINUTE } from './minute-series.ts'

type With<Hook extends keyof EventSubscriber> = EventSubscriber & Required<Pick<EventSubscriber, Hook>>

/** Calls each subscriber that has the hook, in the order of the list. */
export class Subscribers implements Required<EventSubscriber> {
  readonly members: readonly EventSubscriber[]
  // One list for each hook: it is called for each event, and few subscribers have all hooks.
  readonly #toEvents: readonly With<'onEvent'>[]
  readonly #toMinutes: readonly With<'onMinute'>[]
  readonly #toLateEvents: readonly With<'onLateEvents'>[]
  readonly #toBackfills: readonly With<'onBackfill'>[]

  constructor(subscribers: readonly EventSubscriber[]) {
    this.members = subscribers
    this.#toEvents = subscribers.filter(has('onEvent'))
    this.#toMinutes = subscribers.filter(has('onMinute'))
    this.#toLateEvents = subscribers.filter(has('onLateEvents'))
    this.#toBackfills = subscribers.filter(has('onBackfill'))
  }

  onEvent(event: SecurityEvent, phase: EventPhase): void {
    for (const subscriber of this.#toEvents) subscriber.onEvent(event, phase)
  }

  onMinute(key: MinuteKey, start: number, count: number, completeness: Completeness): void {
    for (const subscriber of this.#toMinutes) subscriber.onMinute(key, start, count, completeness)
  }

  onLateEvents(key: MinuteKey, start: number, count: number): void {
    for (const subscriber of this.#toLateEvents) subscriber.onLateEvents(key, start, count)
  }

  onBackfill(minutes: BackfilledMinutes): void {
    for (const subscriber of this.#toBackfills) subscriber.onBackfill(minutes)
  }
}

const has =
  <Hook extends keyof EventSubscriber>(hook: Hook) =>
  (subscriber: EventSubscriber): subscriber is With<Hook> =>
    subscriber[hook] !== undefined

/** Counts the minutes that close, and the zeros before the first event of a series. */
export function minuteCounter(store: SeriesStore): EventSubscriber {
  const closed = store
    .define({
      name: 'clawtrust_scorings_total',
      help: 'Closed minutes that were passed to the scorer, one for each minute of each series.',
      type: 'counter',
      labels: [],
      durable: true,
    })
    .series()
  return {
    onMinute() {
      closed.value += 1
    },
    onBackfill({ first, end, isNew }) {
      if (isNew) closed.value += (end - first) / MINUTE
    },
  }
}
