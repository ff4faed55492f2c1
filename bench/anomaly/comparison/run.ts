import type { Contender, Detector } from '../peers/detector.ts'
import { type Corpus, type LabelledSeries, observation } from '../seccount/corpus.ts'
import type { Outputs } from '../seccount/evaluate.ts'

const MINUTE_SECONDS = 60

/** Steps a contender through all series. The gateways of a zone go minute by minute together. */
export function runContender(contender: Contender, corpus: Corpus): Outputs {
  return zonesOf(corpus.series).flatMap(zone => {
    const detectors = contender.createZone?.(zone.length) ?? zone.map(() => contender.create())
    const outputs = zone.map(() => new Float64Array(corpus.minutes))
    for (let minute = 0; minute < corpus.minutes; minute++) {
      const time = corpus.start + MINUTE_SECONDS * minute
      zone.forEach((series, gateway) => {
        const output = outputs[gateway] as Float64Array
        output[minute] = stepSeries(detectors[gateway] as Detector, series, minute, time)
      })
    }
    return outputs
  })
}

function stepSeries(detector: Detector, series: LabelledSeries, minute: number, time: number): number {
  if (minute < (series.since ?? 0)) return 0
  const count = series.counts[minute] as number
  switch (series.observed?.[minute] ?? observation.complete) {
    case observation.complete:
      return detector.step(time, count, 'complete')
    case observation.partial:
      return detector.step(time, count, 'partial')
    default:
      detector.skip?.(time)
      return 0
  }
}

function zonesOf(series: readonly LabelledSeries[]): LabelledSeries[][] {
  const zones: LabelledSeries[][] = []
  let last: number | undefined
  for (const one of series) {
    const open = zones.at(-1)
    if (open !== undefined && one.zone !== undefined && one.zone === last) open.push(one)
    else zones.push([one])
    last = one.zone
  }
  return zones
}
