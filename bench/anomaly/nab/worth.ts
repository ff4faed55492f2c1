import type { LabelledFile } from './corpus.ts'

/** What a detection on one row is worth: the window it lies in (undefined outside), and its part of a full hit or a full false positive. */
export interface RowWorth {
  readonly window: string | undefined
  readonly unit: number
}

/** A row past probation with its score. */
export interface ScoredRow extends RowWorth {
  readonly score: number
}

/** NAB's scaled sigmoid: 1 far left of a window's right edge, −1 far right of it. */
function sigmoid(x: number): number {
  return x > 3 ? -1 : 2 / (1 + Math.exp(5 * x)) - 1
}

const FIRST_ROW = sigmoid(-1)

/**
 * Worth of every row: inside a window falling from 1 at its first row to nearly 0 at its last; outside, −1 before the
 * first window, then little right after a window and −1 beyond three widths of it.
 */
export function rowWorths(file: LabelledFile): RowWorth[] {
  return file.times.map((_, row) => {
    const inside = file.windows.find(window => window.first <= row && row <= window.last)
    if (inside !== undefined) {
      const width = inside.last - inside.first + 1
      return { window: `${file.name}|${inside.first}`, unit: sigmoid(-(inside.last - row + 1) / width) / FIRST_ROW }
    }
    const previous = file.windows.findLast(window => window.last < row)
    if (previous === undefined) return { window: undefined, unit: -1 }
    const width = previous.last - previous.first + 1
    return { window: undefined, unit: sigmoid((row - previous.last) / Math.max(1, width - 1)) }
  })
}

/** Rows at the beginning of a file that count for nothing. */
export function probationOf({ times }: LabelledFile): number {
  return Math.min(Math.floor(0.15 * times.length), 750)
}

/** The rows past probation. */
export function countedRows(file: LabelledFile, scores: ArrayLike<number>): ScoredRow[] {
  return rowWorths(file)
    .map((worth, row) => ({ ...worth, score: scores[row] as number }))
    .slice(probationOf(file))
}
