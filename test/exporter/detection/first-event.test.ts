import { describe, expect, it } from '@jest/globals'
import { MINUTE_MS } from '../../../core/clock.ts'
import type { SignalName } from '../../../core/signals.ts'
import { type BackfilledMinutes, MOST_ZEROS } from '../../../exporter/contracts/subscriber.ts'
import { anomalyConstants } from '../../../exporter/detection/model/constants.ts'
import type { Scoring } from '../../../exporter/detection/scoring.ts'
import type { Json, MinuteValue } from '../../../service/state/state.ts'
import { SavedBlobs, savedMinutes } from '../../service/state/saved-state.ts'
import { batchOf, NOON, bench as pipelineBench, recordOf } from '../pipeline/fixtures.ts'
import { bench, key, runOf, START, settle, toldOf } from './fixtures.ts'

const DAY = 1_440

/** An exporter without disk: minutes go by one by one, each with its records, and their scores are kept. */
class Exporter {
  readonly scores = new Map<SignalName, { minute: number; score: number | undefined; active: boolean }[]>()
  #scored = bench()
  #piped = pipelineBench({ subscribers: [this.#scored.scoring], persistents: this.#scored.scoring.persistents })
  readonly #documents = new Map<string, Json>()
  readonly #blobs = new SavedBlobs()
  readonly #minutes = new Map<string, MinuteValue>()
  #minute = 0
  #records = 0

  /** Minutes without an event. */
  quiet(minutes: number): this {
    for (let left = minutes; left > 0; left--) this.minute()
    return this
  }

  /** One minute with so many refused sign-ins, each of another identity. */
  minute(failures = 0): this {
    const time = NOON + this.#minute * MINUTE_MS
    const records = Array.from({ length: failures }, (_, index) => {
      const actor = { identity: `user-${index}`, peerAddress: `198.51.100.${1 + Math.floor(index / 10)}` }
      return recordOf(`${this.#records++}`, { time, actor })
    })
    this.#minute++
    this.#piped.clock.time = NOON + this.#minute * MINUTE_MS
    this.#piped.pipeline.ingest('log', batchOf(records, { watermark: this.#piped.clock.time }))
    while (this.#piped.pipeline.closeMinutes());
    settle(this.#scored)
    for (const { key, latest, active } of this.#scored.scoring.list()) {
      if (latest === undefined) continue
      const scores = this.scores.get(key.signal) ?? []
      this.scores.set(key.signal, scores)
      scores.push({ minute: (latest.minuteStart * 1_000 - NOON) / MINUTE_MS, score: latest.score, active })
    }
    return this
  }

  /** Another process goes on with what is saved. */
  restart(): this {
    const { documents, blobs, minutes } = this.#piped.pipeline.changes()
    for (const { name, value } of documents) this.#documents.set(name, value)
    this.#blobs.add(blobs)
    for (const value of minutes) this.#minutes.set(`${value.series} ${value.minute}`, value)
    this.#scored = bench()
    this.#piped = pipelineBench({ subscribers: [this.#scored.scoring], persistents: this.#scored.scoring.persistents })
    this.#piped.pipeline.restore({
      series: [],
      cursors: [],
      minutes: savedMinutes(this.#minutes.values()),
      documents: [...this.#documents].map(([name, value]) => ({ name, value: structuredClone(value) })),
      blobs: this.#blobs.all(),
    })
    settle(this.#scored)
    return this
  }

  /** Whether the page takes the series for new. */
  isNew(signal: SignalName): boolean | undefined {
    return this.#scored.scoring.of('agent-control', signal)[0]?.isNew
  }

  exposed(): Promise<string> {
    return this.#scored.metrics()
  }

  /** Scores of the minutes from this one on, up to another. */
  between(signal: SignalName, from: number, to: number) {
    return (this.scores.get(signal) ?? []).filter(({ minute }) => minute >= from && minute < to)
  }

  highest(signal: SignalName, from: number, to: number): number {
    return Math.max(...this.between(signal, from, to).map(({ score }) => score ?? 0))
  }

  /** Whether the series was active in any of these minutes. */
  wasActive(signal: SignalName, from: number, to: number): boolean {
    return this.between(signal, from, to).some(({ active }) => active)
  }
}

describe('the zeros before a first event', () => {
  it('are more than the warm-up, so that the first event has a score, and two days for the shape', () => {
    expect(MOST_ZEROS).toBeGreaterThan(anomalyConstants.count.warmUp + 2 * DAY)
  })

  it('let an attack on a gateway that was quiet for three days have a score at once, active with its first block', () => {
    const attack = 3 * DAY
    const exporter = new Exporter().quiet(attack)
    for (let minute = 0; minute < 30; minute++) exporter.minute(120)
    exporter.quiet(DAY)
    for (const signal of ['auth_failures', 'auth_sprays'] as const) {
      // Zeros say little of how many events come together: one minute alone is not enough.
      const [{ score = 0 } = {}] = exporter.between(signal, attack, attack + 1)
      expect(score).toBeGreaterThan(35)
      expect(score).toBeLessThan(65)
      expect(exporter.highest(signal, attack, attack + 20)).toBeGreaterThan(50)
      // The spray is one event, the sign-ins go on.
      expect(exporter.wasActive(signal, attack, attack + 22)).toBe(signal === 'auth_failures')
      // The longest window holds the attack for six hours.
      expect(exporter.highest(signal, attack + 420, attack + DAY)).toBeLessThan(30)
      expect(exporter.wasActive(signal, attack + 420, attack + DAY)).toBe(false)
    }
  })

  it('let the score of the minute with the first event be exposed with it, and the page know for 12 hours that it is new', async () => {
    const exporter = new Exporter().quiet(2_000).minute(30)
    expect(await exporter.exposed()).toMatch(/^clawtrust_anomaly_score\{.*signal="auth_failures"\} [45]\d\./m)
    expect(exporter.isNew('auth_failures')).toBe(true)
    exporter.quiet(720)
    expect(exporter.isNew('auth_failures')).toBe(false)
  })

  it('leave a single refused sign-in without an alarm: no score in the first 12 hours, and then a low one', () => {
    const early = new Exporter()
      .quiet(60)
      .minute(1)
      .quiet(2 * DAY)
    expect(early.highest('auth_failures', 0, 720)).toBe(0)
    expect(early.highest('auth_failures', 720, 3 * DAY)).toBeLessThan(30)
    const late = new Exporter()
      .quiet(3 * DAY)
      .minute(1)
      .quiet(DAY)
    expect(late.highest('auth_failures', 0, 5 * DAY)).toBeLessThan(50)
    expect(late.highest('auth_failures', 0, 5 * DAY)).toBeGreaterThan(20)
    for (const exporter of [early, late]) {
      expect(exporter.wasActive('auth_failures', 0, 5 * DAY)).toBe(false)
    }
  })

  it('give the same scores through restarts', () => {
    const live = (restart: boolean) => {
      const exporter = new Exporter()
      const night = () => {
        exporter.quiet(700)
        if (restart) exporter.restart()
      }
      for (let nights = 0; nights < 4; nights++) night()
      exporter.minute(60)
      if (restart) exporter.restart()
      exporter.minute(60).quiet(8)
      return exporter.between('auth_failures', 0, 2_810)
    }
    const scores = live(false)
    expect(scores.at(-1)?.score).toBeGreaterThan(30)
    expect(live(true)).toEqual(scores)
  })
})

describe('series that are new in one minute', () => {
  const run = (gateway: string, minutes: number): BackfilledMinutes => ({
    ...runOf(
      Array.from({ length: minutes }, () => 0),
      { ...key, gateway },
    ),
    isNew: true,
  })
  const attack = (scoring: Scoring, gateway: string, minutes: number) => {
    for (let minute = 0; minute < 60; minute++) {
      scoring.onMinute({ ...key, gateway }, START + (minutes + minute) * 60, minute < 5 ? 20 : 0, 'complete')
    }
    while (scoring.advance());
    const series = scoring.list().find(one => one.key.gateway === gateway)
    return series && toldOf(series)
  }

  it('score the zeros before it once, however many they are, and go on as if each had', () => {
    const { scoring } = bench()
    scoring.onBackfill(run('edge-1', 2_000))
    while (scoring.advance());
    scoring.onBackfill(run('edge-2', 2_000))
    expect(scoring.list()[1]?.advance(1)).toBe(true)
    while (scoring.advance());
    const [alone, others] = [bench(), bench()]
    alone.scoring.onBackfill(run('edge-2', 2_000))
    const expected = attack(alone.scoring, 'edge-2', 2_000)
    expect(attack(scoring, 'edge-2', 2_000)).toEqual(expected)
    others.scoring.onBackfill(run('edge-1', 1_999))
    while (others.scoring.advance());
    others.scoring.onBackfill(run('edge-2', 2_000))
    expect(others.scoring.list()[1]?.advance(1)).toBe(false)
    expect(attack(others.scoring, 'edge-2', 2_000)).toEqual(expected)
  })
})
