import type { LabelledFile } from './corpus.ts'
import { bestPoint, detections, leaveOneFileOut, normalised, type ProfileName, profiles, sweep } from './score.ts'
import { countedRows } from './worth.ts'

/** What a detector reaches on a corpus: each profile at its own best threshold, the rest at the standard one. */
export interface NabResult {
  readonly scores: Readonly<Record<ProfileName, number>>
  readonly threshold: number
  readonly windows: number
  readonly windowsHit: number
  readonly falseRows: number
  /** Standard profile, with the threshold of each file chosen on the others. */
  readonly leaveOneFileOut: number
}

/** @param scoresOf score of every row of a file */
export function evaluate(
  corpus: readonly LabelledFile[],
  scoresOf: (file: LabelledFile) => ArrayLike<number>,
): NabResult {
  const rowsOfFile = corpus.map(file => countedRows(file, scoresOf(file)))
  const rows = rowsOfFile.flat()
  const windows = corpus.reduce((sum, file) => sum + file.windows.length, 0)
  const best = (name: ProfileName) => bestPoint(sweep(rows, profiles[name]))
  const score = (name: ProfileName) => normalised(best(name).raw, profiles[name], windows)
  const threshold = best('standard').threshold
  return {
    scores: {
      standard: score('standard'),
      lowFalsePositives: score('lowFalsePositives'),
      lowFalseNegatives: score('lowFalseNegatives'),
    },
    threshold,
    windows,
    ...detections(rows, threshold),
    leaveOneFileOut: leaveOneFileOut(rowsOfFile, profiles.standard, windows),
  }
}
