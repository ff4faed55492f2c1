import { anomalyConstants } from '../constants.ts'
import type { Layout } from '../state/layout.ts'
import type { ScorerState } from '../state/scorer-state.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'
import { MINUTE_SECONDS, positiveModulo } from '../time.ts'
import { DAY_MINUTES, type DayKind, dayKinds, dayOf, minuteOfDay } from './calendar.ts'
import { DayKindReader } from './day-kind.ts'
import { DayRecord } from './day-record.ts'
import { Dispersion } from './dispersion.ts'
import { HourlyMinutes } from './hourly.ts'
import type { Job } from './job.ts'
import { Jobs, type JobsShare, NO_JOBS } from './jobs.ts'
import { Level, type LevelEstimate } from './level.ts'
import { Rhythm, type RhythmShape } from './rhythm.ts'
import { SlowLevel } from './slow-level.ts'

const { minimumRate, winsorDeviations, fitMinutes, eventVariance, eventMemory } = anomalyConstants.profile
/** Before the first fit, the mean is of the minutes seen and of so many more. */
const MEAN_MINUTES = 60
/** Counts are taken to say half as much of the level as they would: outliers are more frequent than the model has them. */
const NOISE = 2

/** Parts of the profile that can be left out, to measure what they bring. */
export const profileParts = ['day_kind', 'slow_level', 'level', 'jobs', 'hourly'] as const
export type ProfilePart = (typeof profileParts)[number]

/** What is expected of a minute before its count is known, and what each part of that is. */
export interface Expectation {
  /** Events, at the level of the last hours. */
  readonly events: number
  /** Events at a fast level of 1, and their variance at a known level: what windows sum up. */
  readonly profile: number
  readonly variance: number
  readonly level: LevelEstimate
  /** Events of people's rhythm, of a job, of a minute of the hour; the larger one of the last two counts. */
  readonly people: number
  readonly jobs: number
  readonly hourly: number
}

/**
 * What a series usually brings at this time: the shape of the day by the kind of day, times a slow level, and what
 * jobs bring, times the level of the last hours. Fitted once a day, at a minute of the day that differs between series,
 * from the last 1,440 minutes and what earlier days left behind.
 */
export class Profile {
  readonly #without: ProfilePart | undefined
  readonly #rhythm: Rhythm
  readonly #dayKind: DayKindReader
  readonly #slowLevel: SlowLevel
  readonly #level: Level
  readonly #jobs: Jobs
  readonly #hourly: HourlyMinutes
  readonly #dispersion: Dispersion
  readonly #record: DayRecord
  readonly #minutes: number
  /** Events learnt in all, and decayed. */
  readonly #total: number
  readonly #events: number
  /** Minute of the day of the fits. */
  readonly #fitAt: number
  /** Numbers of the minutes of the next fit and of the last one. */
  readonly #nextFit: number
  readonly #lastFit: number
  /** How yesterday was read. */
  readonly #yesterday: number

  constructor(layout: Layout, without?: ProfilePart) {
    this.#without = without
    this.#rhythm = new Rhythm(layout)
    this.#dayKind = new DayKindReader(layout, this.#rhythm)
    this.#slowLevel = new SlowLevel(layout)
    this.#level = new Level(layout)
    this.#jobs = new Jobs(layout)
    this.#hourly = new HourlyMinutes(layout)
    this.#dispersion = new Dispersion(layout)
    this.#record = new DayRecord(layout)
    this.#minutes = layout.numbers()
    this.#total = layout.numbers()
    this.#events = layout.numbers()
    this.#fitAt = layout.wholes()
    this.#nextFit = layout.numbers(1, Number.NEGATIVE_INFINITY)
    this.#lastFit = layout.numbers(1, Number.NEGATIVE_INFINITY)
    this.#yesterday = layout.wholes()
  }

  /** Of a new state and of one that was loaded. @param fitAt minute of the day of the fits, of this series */
  begin(state: ScorerState, fitAt: number): void {
    state.wholes[this.#fitAt] = fitAt
  }

  /** Takes another series' shape for as long as little is known of this one. */
  beginWith(state: ScorerState, shape: RhythmShape): void {
    this.#rhythm.begin(state, shape)
  }

  /** Minutes learnt. */
  minutes(state: ScorerState): number {
    return state.get(this.#minutes)
  }

  /** φ of single minutes at a known level. */
  dispersion(state: ScorerState): number {
    return this.#dispersion.ofMinutes(state)
  }

  /** s², the variance of the level at any time. */
  levelVariance(state: ScorerState): number {
    return this.#dispersion.ofLevel(state)
  }

  /** Events of which the rate is known, decayed. */
  eventsSeen(state: ScorerState): number {
    return state.get(this.#events)
  }

  /** Relative variance of what is expected itself: of a shape that few days or few events have shown. */
  uncertainty(state: ScorerState): number {
    const { kind } = this.#dayKind.reading(state)
    return this.#rhythm.variance(state, kind) + eventVariance / (this.eventsSeen(state) + 0.5)
  }

  /**
   * Variance of a single minute, relative to the square of what is expected, beyond that of its counts.
   * @param uncertainty see `uncertainty`
   */
  spread({ events, profile, variance, level }: Expectation, uncertainty: number): number {
    return events === 0 ? 0 : variance / (profile * profile) + Math.expm1(level.variance) + uncertainty
  }

  /** Shape of the day, for a series that begins; undefined while this one knows little. */
  shape(state: ScorerState): RhythmShape | undefined {
    return this.#rhythm.shape(state)
  }

  /** The job that is expected to bring most in this minute; undefined where none is. */
  job(state: ScorerState, time: number): Job | undefined {
    const { largest } = this.#jobs.share(state, minuteOfDay(time))
    return largest === -1 ? undefined : this.#jobs.at(state, largest)
  }

  /** Kind of the day that the last minute was in, as its counts say. */
  kindOfDay(state: ScorerState): DayKind {
    return this.#dayKind.reading(state).kind
  }

  /** Begins a day and fits the one before, where it is time for it; before anything is expected of the minute. */
  advance(state: ScorerState, time: number): void {
    const day = dayOf(time)
    if (this.#dayKind.isNew(state, day)) this.#beginDay(state, day)
    const minute = Math.floor(time / MINUTE_SECONDS)
    // Before the first event all series are fitted at midnight, so that all that begin together are alike.
    const fitAt = state.get(this.#total) === 0 ? 0 : (state.wholes[this.#fitAt] as number)
    const due = state.get(this.#nextFit)
    const isDue = minute >= due && due !== Number.NEGATIVE_INFINITY
    if (isDue) this.#fit(state, minute)
    if (!isDue && positiveModulo(due, DAY_MINUTES) === fitAt) return
    state.set(this.#nextFit, minute + 1 + positiveModulo(fitAt - minute - 1, DAY_MINUTES))
  }

  expected(state: ScorerState, time: number): Expectation {
    const minute = minuteOfDay(time)
    const people = Math.exp(this.#dayKind.logRate(state, minute)) * this.#slowLevel.factor(state)
    const job = this.#jobsShare(state, minute)
    const hourly = this.#hourlyExtra(state, minute)
    const profile = Math.max(minimumRate, people + Math.max(job.events, hourly))
    const stationary = this.levelVariance(state)
    const level = this.#level.ahead(state, stationary)
    return {
      events: profile * Math.exp(level.log + (level.variance - stationary) / 2),
      profile,
      variance: this.dispersion(state) * profile * profile + job.variance,
      level,
      people,
      jobs: job.events,
      hourly,
    }
  }

  /** What may be learnt of a minute's count, whole: a burst moves nothing much. */
  clipped(count: number, { events, profile, variance, level }: Expectation): number {
    return Math.ceil(Math.min(count, this.limitOf(events, variance / (profile * profile) + level.variance)))
  }

  /**
   * Learns a minute that was fully observed.
   * @param clipped its count (see `clipped`) @param surprise of the series in this minute
   */
  learn(state: ScorerState, time: number, clipped: number, expectation: Expectation, surprise: number): void {
    const { events, profile, variance, level, jobs, hourly } = expectation
    const minute = minuteOfDay(time)
    this.#record.set(state, minute, clipped)
    const noise = NOISE * (1 / events + variance / (profile * profile))
    if (this.#without === 'level') this.#level.pass(state, level)
    else this.#level.learn(state, level, (clipped - events) / events, noise, surprise)
    state.add(this.#minutes, 1)
    state.add(this.#total, clipped)
    state.set(this.#events, state.get(this.#events) * eventMemory + clipped)
    const people = Math.max(0, clipped - Math.max(jobs, hourly))
    const stationary = this.levelVariance(state)
    if (this.#without !== 'day_kind')
      this.#dayKind.step(state, minute, people, this.#slowLevel.factor(state), stationary, this.dispersion(state))
    this.#setMean(state)
  }

  /** A minute that was observed in part or not at all: time goes by, nothing is learnt. */
  pass(state: ScorerState, time: number, { level }: Expectation): void {
    this.#level.pass(state, level)
    this.#record.forget(state, minuteOfDay(time))
  }

  /** Minutes of which nothing is known go by, up to this one. */
  skip(state: ScorerState, time: number, minutes: number): void {
    const stationary = this.levelVariance(state)
    for (let left = Math.min(minutes, DAY_MINUTES); left > 0; left--) {
      this.#level.pass(state, this.#level.ahead(state, stationary))
      this.#record.forget(state, minuteOfDay(time - left * MINUTE_SECONDS))
    }
  }

  /** Nothing expected of a minute that was not observed, at the level that is left. */
  nothing(state: ScorerState): Expectation {
    const level = this.#level.ahead(state, this.levelVariance(state))
    return { events: 0, profile: 0, variance: 0, level, people: 0, jobs: 0, hourly: 0 }
  }

  /** Late events of a minute within the last day. @param clipped how many of them may be learnt */
  amend(state: ScorerState, time: number, clipped: number): void {
    const minute = minuteOfDay(time)
    if (!this.#record.isObserved(state, minute)) return
    this.#record.set(state, minute, this.#record.count(state, minute) + clipped)
    state.add(this.#total, clipped)
    state.add(this.#events, clipped)
    this.#setMean(state)
  }

  /** What is learnt of a minute at most, so that a burst moves nothing much: 3.5 standard deviations and one event. */
  limitOf(events: number, relativeVariance: number): number {
    return events + winsorDeviations * Math.sqrt(events + relativeVariance * events * events) + 1
  }

  save(state: ScorerState, to: StateWriter): void {
    for (const part of this.#parts()) part.save(state, to)
    for (const place of this.#places()) to.f64(state.get(place))
    to.u32(state.wholes[this.#yesterday] as number)
  }

  load(state: ScorerState, from: StateReader): void {
    for (const part of this.#parts()) part.load(state, from)
    for (const place of this.#places()) state.set(place, from.f64())
    state.wholes[this.#yesterday] = from.below(dayKinds.length)
  }

  #setMean(state: ScorerState): void {
    if (this.#rhythm.fits(state) > 0) return
    this.#rhythm.setMean(state, (state.get(this.#total) + 0.5) / (this.minutes(state) + MEAN_MINUTES))
  }

  #beginDay(state: ScorerState, day: number): void {
    const { kind, later } = this.#dayKind.reading(state)
    state.wholes[this.#yesterday] = dayKinds.indexOf(kind)
    if (later !== 0) {
      this.#rhythm.turn(state, later)
      this.#rhythm.refit(state)
    }
    this.#dayKind.begin(state, day)
  }

  /** Learns what was observed in the 1,440 minutes before this one, and since the last fit. */
  #fit(state: ScorerState, now: number): void {
    const kinds = this.#kinds(state, now)
    const since = Math.min(DAY_MINUTES, now - state.get(this.#lastFit))
    const observed = Array.from({ length: DAY_MINUTES }, (_, minute) => {
      const isNew = positiveModulo(now - 1 - minute, DAY_MINUTES) < since
      return isNew && this.#record.isObserved(state, minute)
    })
    if (observed.filter(Boolean).length < fitMinutes) return
    state.set(this.#lastFit, now)
    const counts = Float64Array.from(observed, (_, minute) => this.#record.count(state, minute))
    const explained = Float64Array.from(observed, (_, minute) => this.#explained(state, minute))
    this.#learnSlowLevel(state, observed, kinds, counts, explained)
    const level = this.#slowLevel.factor(state)
    this.#rhythm.age(state)
    observed.forEach((isObserved, minute) => {
      const people = Math.max(0, (counts[minute] as number) - (explained[minute] as number))
      if (isObserved) this.#rhythm.add(state, kinds[minute] as DayKind, minute, people, level)
    })
    this.#rhythm.fit(state)

    const days = this.#rhythm.fits(state)
    const of = (value: (minute: number) => number) =>
      Float64Array.from(observed, (isObserved, minute) => (isObserved ? value(minute) : 0))
    const people = of(minute => level * Math.exp(this.#rhythm.logRate(state, kinds[minute] as DayKind, minute)))
    this.#hourly.learn(state, { base: people, excess: of(minute => at(counts, minute) - at(people, minute)) }, days)
    const base = of(minute => at(people, minute) + this.#hourlyExtra(state, minute))
    const excess = of(minute => at(counts, minute) - at(base, minute))
    this.#jobs.learn(state, { base, excess, dispersion: this.dispersion(state) }, days)
    const expected = of(minute => at(people, minute) + this.#explained(state, minute))
    this.#dispersion.learn(state, { counts, expected })
  }

  #learnSlowLevel(
    state: ScorerState,
    observed: readonly boolean[],
    kinds: readonly DayKind[],
    counts: Float64Array,
    explained: Float64Array,
  ): void {
    if (this.#rhythm.fits(state) < 2 || this.#without === 'slow_level') return
    const level = this.#slowLevel.factor(state)
    let events = 0
    let expected = 0
    let squares = 0
    observed.forEach((isObserved, minute) => {
      if (!isObserved) return
      const people = level * Math.exp(this.#rhythm.logRate(state, kinds[minute] as DayKind, minute))
      events += Math.max(0, at(counts, minute) - at(explained, minute))
      expected += people
      squares += people * people
    })
    const variance = this.dispersion(state) * squares
    this.#slowLevel.learn(state, events, expected, variance, this.levelVariance(state))
  }

  /** What jobs or the minute of the hour bring. */
  #explained(state: ScorerState, minute: number): number {
    return Math.max(this.#jobsShare(state, minute).events, this.#hourlyExtra(state, minute))
  }

  #jobsShare(state: ScorerState, minute: number): JobsShare {
    return this.#without === 'jobs' ? NO_JOBS : this.#jobs.share(state, minute)
  }

  #hourlyExtra(state: ScorerState, minute: number): number {
    return this.#without === 'hourly' ? 0 : this.#hourly.extra(state, minute)
  }

  /** How each of the last 1,440 minutes was read, by the minute of the day. */
  #kinds(state: ScorerState, now: number): readonly DayKind[] {
    const today = this.#dayKind.reading(state).kind
    const yesterday = dayKinds[state.wholes[this.#yesterday] as number] as DayKind
    const minute = positiveModulo(now, DAY_MINUTES)
    return Array.from({ length: DAY_MINUTES }, (_, slot) => (slot < minute ? today : yesterday))
  }

  #parts() {
    return [
      ...[this.#rhythm, this.#dayKind, this.#slowLevel, this.#level, this.#jobs, this.#hourly],
      ...[this.#dispersion, this.#record],
    ]
  }

  #places(): readonly number[] {
    return [this.#minutes, this.#total, this.#events, this.#nextFit, this.#lastFit]
  }
}

function at(values: Float64Array, minute: number): number {
  return values[minute] as number
}
