import type { Regime } from './series.ts'

/** Minutes with malicious events in a series, from the first to the last. */
export interface LabelledAttack {
  readonly type: string
  readonly first: number
  readonly last: number
  /** Attacks of one number are one attack on several gateways. */
  readonly campaign?: number
}

/** What a minute of a series is worth. */
export const observation = { missing: 0, partial: 1, complete: 2 } as const

/** The minute counts of a signal at one gateway, with what happened there. */
export interface LabelledSeries {
  readonly regime: Regime
  readonly counts: Int32Array
  readonly attacks: readonly LabelledAttack[]
  /** True mean of each minute without attacks: for what no detector can know. */
  readonly means?: Float64Array
  /** Series of one zone lie beside each other and have the same number. Absent: a zone of its own. */
  readonly zone?: number
  /** The gateway is observed from this minute on. Absent: from minute 0. */
  readonly since?: number
  /** Each minute, as in `observation`. Absent: all complete. */
  readonly observed?: Uint8Array
  /** What is unusual and benign in each minute: index in `Corpus.causes`. Absent: nothing. */
  readonly causes?: Uint8Array
}

/** Series with labels, all over the same minutes. */
export interface Corpus {
  readonly name: string
  /** Seconds since 1970. */
  readonly start: number
  readonly minutes: number
  /** The minutes before are for learning. */
  readonly testFrom: number
  readonly attackTypes: readonly string[]
  readonly causes: readonly Cause[]
  readonly series: readonly LabelledSeries[]
}

/** A benign reason for unusual counts. The first of a corpus is that there is none. */
export interface Cause {
  readonly name: string
  /** An alert in it is neither found nor false: something did happen, and it was no attack. */
  readonly neutral: boolean
}

export const NO_CAUSE: Cause = { name: 'none', neutral: false }
