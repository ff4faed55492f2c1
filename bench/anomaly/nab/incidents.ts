import { positiveDescending, searchThreshold } from '../seccount/threshold-search.ts'
import type { LabelledFile } from './corpus.ts'
import { probationOf } from './worth.ts'

const WEEK_SECONDS = 7 * 86_400
/** A false alert is a new one when more seconds passed since the last alert. */
const SAME_ALERT = 3600

/** What a threshold finds of the labelled windows, and how often it errs outside them. */
export interface IncidentOutcome {
  readonly threshold: number
  readonly windows: number
  readonly found: number
  readonly falseAlerts: number
  readonly recall: number
  /** Found windows of all that were alerted; undefined without any alert. */
  readonly precision: number | undefined
  readonly falseAlertsPerSeriesWeek: number
}

/** @param outputs of each file, a value for each row */
export function incidentsAt(
  files: readonly LabelledFile[],
  outputs: readonly Float64Array[],
  threshold: number,
): IncidentOutcome {
  let found = 0
  let windows = 0
  let falseAlerts = 0
  let seconds = 0
  files.forEach((file, index) => {
    const values = outputs[index] as Float64Array
    const { times } = file
    const hits = new Set<number>()
    let last = Number.NEGATIVE_INFINITY
    for (let row = probationOf(file); row < times.length; row++) {
      const time = times[row] as number
      const window = file.windows.findIndex(({ first, last: end }) => first <= row && row <= end)
      if (window < 0) seconds += Math.max(0, time - (times[row - 1] ?? time))
      if ((values[row] as number) < threshold) continue
      if (window >= 0) hits.add(window)
      else if (time - last > SAME_ALERT) falseAlerts++
      last = time
    }
    found += hits.size
    windows += file.windows.length
  })
  return {
    threshold,
    windows,
    found,
    falseAlerts,
    recall: windows === 0 ? 0 : found / windows,
    precision: found + falseAlerts === 0 ? undefined : found / (found + falseAlerts),
    falseAlertsPerSeriesWeek: falseAlerts / (seconds / WEEK_SECONDS),
  }
}

/** Best recall at no more than this many false alerts per series and week: one threshold for all files. */
export function bestIncidents(
  files: readonly LabelledFile[],
  outputs: readonly Float64Array[],
  falseAlerts: number,
): IncidentOutcome {
  const thresholds = positiveDescending(
    outputs.map((output, index) => output.subarray(probationOf(files[index] as LabelledFile))),
  )
  return searchThreshold(thresholds, threshold => incidentsAt(files, outputs, threshold), falseAlerts)
}
