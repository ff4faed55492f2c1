import {
  type Corpus,
  type LabelledAttack,
  type LabelledSeries,
  NO_CAUSE,
} from '../../../../bench/anomaly/seccount/corpus.ts'

export const MINUTES = 10_080 + 2000
export const TEST_FROM = 2000

/** A corpus of a test week, with the causes none, outage (neutral) and holiday. */
export function corpusOf(...series: readonly LabelledSeries[]): Corpus {
  return {
    name: 'made up',
    start: 0,
    minutes: MINUTES,
    testFrom: TEST_FROM,
    attackTypes: ['burst', 'drip'],
    causes: [NO_CAUSE, { name: 'outage', neutral: true }, { name: 'holiday', neutral: false }],
    series,
  }
}

export function seriesOf(attacks: readonly LabelledAttack[], more: Partial<LabelledSeries> = {}): LabelledSeries {
  const regime = { name: 'low', rate: 1, sparse: false }
  return { regime, counts: new Int32Array(MINUTES), attacks, ...more }
}

/** 1 in these minutes and 0 in all others. */
export function alertsAt(...minutes: readonly number[]): Float64Array {
  const outputs = new Float64Array(MINUTES)
  for (const minute of minutes) outputs[minute] = 1
  return outputs
}
