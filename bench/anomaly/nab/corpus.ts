import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A labelled file of the Numenta Anomaly Benchmark. Windows are first and last row, both included. */
export interface LabelledFile {
  readonly name: string
  readonly timestamps: readonly string[]
  /** Seconds since 1970. */
  readonly times: readonly number[]
  readonly values: readonly number[]
  readonly windows: readonly RowWindow[]
}

export interface RowWindow {
  readonly first: number
  readonly last: number
}

/**
 * Reads a corpus laid out as NAB publishes it: data/<family>/<file>.csv with the columns timestamp,value, and
 * labels/combined_windows.json. Any subset of the files will do.
 */
export function readCorpus(folder: string): LabelledFile[] {
  const labels = JSON.parse(readFileSync(join(folder, 'labels', 'combined_windows.json'), 'utf8')) as Labels
  return Object.keys(labels)
    .sort()
    .map(name => readLabelledFile(folder, name, labels[name] ?? []))
}

type Labels = Readonly<Record<string, readonly (readonly [string, string])[]>>

function readLabelledFile(folder: string, name: string, labels: Labels[string]): LabelledFile {
  const rows = readFileSync(join(folder, 'data', name), 'utf8')
    .split('\n')
    .slice(1)
    .filter(line => line.trim() !== '')
    .map(line => line.split(','))
  const timestamps = rows.map(row => cleanTimestamp(row[0] ?? ''))
  const rowOf = (stamp: string) => {
    const row = timestamps.indexOf(cleanTimestamp(stamp))
    if (row < 0) throw new Error(`${name}: the edge ${stamp} of a window is not in the data`)
    return row
  }
  return {
    name,
    timestamps,
    times: timestamps.map(stamp => Date.parse(`${stamp.replace(' ', 'T')}Z`) / 1000),
    values: rows.map(row => Number(row[1])),
    windows: labels.map(([start, end]) => ({ first: rowOf(start), last: rowOf(end) })),
  }
}

/** Labels carry fractions of a second and the data does not. */
function cleanTimestamp(stamp: string): string {
  return stamp.trim().replace('T', ' ').split('.')[0] as string
}
