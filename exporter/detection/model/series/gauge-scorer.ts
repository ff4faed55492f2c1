import { ClawtrustError } from '../../../../core/errors.ts'
import { anomalyConstants } from '../constants.ts'
import { RunningMaximum } from '../shape/running-maximum.ts'
import { ShapeScorer } from '../shape/shape-scorer.ts'
import { Layout } from '../state/layout.ts'
import { ScorerState } from '../state/scorer-state.ts'
import { openSnapshot, readState, type SnapshotRefusal, wrapSnapshot } from '../state/snapshot.ts'
import { StateWriter } from '../state/state-writer.ts'
import { scoreOf } from './score.ts'

const KIND = 'gauge'
const MAXIMUM_VALUE = 1e300

/** One set of parts for all gauges. */
const layout = new Layout()
const shape = new ShapeScorer(layout)
const maximum = new RunningMaximum()
layout.endRoom()

export interface GaugeResult {
  /** Seconds since 1970. */
  readonly time: number
  readonly samplesSeen: number
  /** 0 to 100; undefined in the first 144 values. */
  readonly score: number | undefined
  /** Fused surprise R of the shape's views. */
  readonly raw: number
  /** `raw` where it is a strict maximum of the last 16 hours, else 0: what a notice, and NAB, look at. */
  readonly fire: number
  readonly expected: number
  /** Range that this time of day had seen. */
  readonly lower: number
  readonly upper: number
}

/** Scores a gauge (open findings, offenders, a latency): the shape scorer alone, fed with the value every five minutes. */
export interface GaugeScorer {
  /** Scores a value, then learns it. @throws ClawtrustError ANOMALY_INPUT_INVALID; the state is then unchanged */
  step(time: number, value: number): GaugeResult
  snapshot(): Uint8Array
  restore(snapshot: Uint8Array): SnapshotRefusal | undefined
}

export function createGaugeScorer(options: { readonly series: string }): GaugeScorer {
  return new ShapeGauge(options.series)
}

class ShapeGauge implements GaugeScorer {
  readonly #series: string
  #state = new ScorerState(layout)
  #samplesSeen = 0

  constructor(series: string) {
    this.#series = series
  }

  step(time: number, value: number): GaugeResult {
    if (!Number.isFinite(time) || !(Math.abs(value) <= MAXIMUM_VALUE)) {
      const sentence = `${value} at ${time} is not a finite value at a finite time`
      throw new ClawtrustError('ANOMALY_INPUT_INVALID', `Anomaly series ${this.#series}: ${sentence}.`)
    }
    this.#samplesSeen++
    const raw = shape.step(this.#state, time, value)
    return {
      time,
      samplesSeen: this.#samplesSeen,
      score: this.#samplesSeen > anomalyConstants.gauge.warmUpValues ? scoreOf(raw) : undefined,
      raw,
      fire: maximum.step(this.#state, time, raw),
      ...shape.band(this.#state),
    }
  }

  snapshot(): Uint8Array {
    const to = new StateWriter()
    to.f64(this.#samplesSeen)
    shape.save(this.#state, to)
    maximum.save(this.#state, to)
    return wrapSnapshot(KIND, to.bytes())
  }

  restore(snapshot: Uint8Array): SnapshotRefusal | undefined {
    const { state: from, refused } = openSnapshot(KIND, snapshot)
    if (refused !== undefined) return refused
    const read = readState(() => {
      const samplesSeen = from.f64()
      const state = new ScorerState(layout)
      shape.load(state, from)
      maximum.load(state, from)
      return { samplesSeen, state }
    })
    if (read === undefined) return 'damaged'
    this.#samplesSeen = read.samplesSeen
    this.#state = read.state
    return undefined
  }
}
