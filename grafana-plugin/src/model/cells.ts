/** One row of buckets, as parallel arrays: 50,000 cells are three small buffers instead of 50,000 objects. */
export interface Cells {
  /** NaN if the bucket is empty. */
  readonly values: Float64Array;
  /** Index into the colour table; 0 if the bucket is empty. */
  readonly colors: Uint32Array;
  /** Severity from 0 to 100. */
  readonly ranks: Uint8Array;
}

export const emptyCells = (count: number): Cells => ({
  values: new Float64Array(count).fill(Number.NaN),
  colors: new Uint32Array(count),
  ranks: new Uint8Array(count),
});

/** Merges the cells of several rows: of each bucket the worst, first by severity and then by value. */
export interface Summary {
  readonly cells: Cells;
  /** The row that each bucket comes from; -1 if all are empty. */
  readonly origins: Int32Array;
}

export function summarise(rows: readonly Cells[], count: number): Summary {
  const cells = emptyCells(count);
  const origins = new Int32Array(count).fill(-1);
  rows.forEach((row, origin) => {
    for (let bucket = 0; bucket < count; bucket++) {
      if (isWorse(row, cells, bucket)) {
        cells.values[bucket] = row.values[bucket]!;
        cells.colors[bucket] = row.colors[bucket]!;
        cells.ranks[bucket] = row.ranks[bucket]!;
        origins[bucket] = origin;
      }
    }
  });
  return { cells, origins };
}

function isWorse(row: Cells, than: Cells, bucket: number): boolean {
  if (row.colors[bucket] === 0) {
    return false;
  }
  if (than.colors[bucket] === 0) {
    return true;
  }
  const by = row.ranks[bucket]! - than.ranks[bucket]!;
  return by > 0 || (by === 0 && row.values[bucket]! > than.values[bucket]!);
}
