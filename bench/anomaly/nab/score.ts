import type { ScoredRow } from './worth.ts'

/** Weights of NAB's application profiles. */
export interface Profile {
  readonly truePositive: number
  readonly falseNegative: number
  readonly falsePositive: number
}

export const profiles = {
  standard: { truePositive: 1, falseNegative: 1, falsePositive: 0.11 },
  lowFalsePositives: { truePositive: 1, falseNegative: 1, falsePositive: 0.22 },
  lowFalseNegatives: { truePositive: 1, falseNegative: 2, falsePositive: 0.11 },
} as const satisfies Record<string, Profile>
export type ProfileName = keyof typeof profiles

/** A threshold and the raw score that it yields; Infinity detects nothing. */
export interface CurvePoint {
  readonly threshold: number
  readonly raw: number
}

/** Raw score at every distinct threshold, from the highest to the lowest; the first detects nothing. */
export function sweep(rows: readonly ScoredRow[], profile: Profile): CurvePoint[] {
  const best = new Map<string, number>()
  for (const { window } of rows) if (window !== undefined) best.set(window, -profile.falseNegative)
  let inside = -profile.falseNegative * best.size
  let outside = 0
  let threshold = Number.POSITIVE_INFINITY
  const curve: CurvePoint[] = []
  for (const { score, window, unit } of rows.toSorted((a, b) => b.score - a.score)) {
    if (score !== threshold) {
      curve.push({ threshold, raw: inside + outside })
      threshold = score
    }
    if (window === undefined) {
      outside += unit * profile.falsePositive
      continue
    }
    const known = best.get(window) as number
    const worth = unit * profile.truePositive
    if (worth <= known) continue
    inside += worth - known
    best.set(window, worth)
  }
  curve.push({ threshold, raw: inside + outside })
  return curve
}

/** The best point of a curve; of equals the highest threshold. */
export function bestPoint(curve: readonly CurvePoint[]): CurvePoint {
  return curve.reduce((best, point) => (point.raw > best.raw ? point : best))
}

/** 0 for a detector that says nothing, 100 for one that finds every window at its first row and says nothing else. */
export function normalised(raw: number, profile: Profile, windows: number): number {
  const { truePositive, falseNegative } = profile
  return (100 * (raw + windows * falseNegative)) / (windows * (truePositive + falseNegative))
}

/** Windows found and false rows at a threshold. */
export function detections(rows: readonly ScoredRow[], threshold: number): { windowsHit: number; falseRows: number } {
  const hits = new Set<string>()
  let falseRows = 0
  for (const { score, window } of rows) {
    if (score < threshold) continue
    if (window === undefined) falseRows++
    else hits.add(window)
  }
  return { windowsHit: hits.size, falseRows }
}

/** The score when the threshold used on each file is the best one of all the other files. */
export function leaveOneFileOut(files: readonly (readonly ScoredRow[])[], profile: Profile, windows: number): number {
  const curves = files.map(rows => sweep(rows, profile))
  const thresholds = [...new Set(curves.flatMap(curve => curve.map(point => point.threshold)))].sort((a, b) => b - a)
  const rawOfFile = curves.map(curve => rawAtEach(curve, thresholds))
  const total = thresholds.map((_, i) => rawOfFile.reduce((sum, raws) => sum + (raws[i] as number), 0))
  const raw = rawOfFile.reduce((sum, own) => {
    const best = indexOfMaximum(total.map((all, i) => all - (own[i] as number)))
    return sum + (own[best] as number)
  }, 0)
  return normalised(raw, profile, windows)
}

/** Without a spread: the whole corpus has more thresholds than a call may have arguments. */
function indexOfMaximum(values: readonly number[]): number {
  let best = 0
  for (let index = 1; index < values.length; index++) {
    if ((values[index] as number) > (values[best] as number)) best = index
  }
  return best
}

/** Raw score of a curve at falling thresholds. */
function rawAtEach(curve: readonly CurvePoint[], thresholds: readonly number[]): number[] {
  let at = 0
  return thresholds.map(threshold => {
    while (at + 1 < curve.length && (curve[at + 1] as CurvePoint).threshold >= threshold) at++
    return (curve[at] as CurvePoint).raw
  })
}
