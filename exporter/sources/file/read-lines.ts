import type { Samples, SourceRecord } from '../../contracts/source.ts'

/** What was found in some lines of a file. */
export interface ReadLines {
  readonly records: readonly SourceRecord[]
  /** A few lines; valid until the next read. */
  readonly samples?: Samples
  readonly skipped: number
  readonly tooLong: number
  /** Records that a container runtime split and of which not all parts were found. */
  readonly incomplete: number
}

export const nothingRead: ReadLines = { records: [], skipped: 0, tooLong: 0, incomplete: 0 }

export function sumOf(all: readonly ReadLines[]): ReadLines {
  const sum = (count: (lines: ReadLines) => number) => all.reduce((total, lines) => total + count(lines), 0)
  return {
    records: all.flatMap(({ records }) => records),
    skipped: sum(({ skipped }) => skipped),
    tooLong: sum(({ tooLong }) => tooLong),
    incomplete: sum(({ incomplete }) => incomplete),
  }
}
