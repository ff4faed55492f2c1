/** A cell by row and column. */
export interface CursorPosition {
  readonly row: number;
  readonly column: number;
}

export interface CursorField {
  readonly rows: number;
  readonly columns: number;
  /** Rows that PageUp and PageDown move by. */
  readonly pageRows: number;
}

type Step = (at: CursorPosition, field: CursorField) => CursorPosition;

const steps: Readonly<Record<string, Step>> = {
  ArrowUp: ({ row, column }) => ({ row: row - 1, column }),
  ArrowDown: ({ row, column }) => ({ row: row + 1, column }),
  ArrowLeft: ({ row, column }) => ({ row, column: column - 1 }),
  ArrowRight: ({ row, column }) => ({ row, column: column + 1 }),
  Home: ({ row }) => ({ row, column: 0 }),
  End: ({ row }, { columns }) => ({ row, column: columns - 1 }),
  PageUp: ({ row, column }, { pageRows }) => ({ row: row - pageRows, column }),
  PageDown: ({ row, column }, { pageRows }) => ({ row: row + pageRows, column }),
};

/**
 * The cell that a key moves the cursor to; undefined if the key does not move it or there is no cell. The first key
 * sets it on the newest cell of the first row.
 */
export function moveCursor(
  at: CursorPosition | undefined,
  key: string,
  field: CursorField
): CursorPosition | undefined {
  const step = Object.hasOwn(steps, key) ? steps[key] : undefined;
  if (step === undefined || field.rows < 1 || field.columns < 1) {
    return undefined;
  }
  const { row, column } = at === undefined ? { row: 0, column: field.columns - 1 } : step(at, field);
  return { row: within(row, field.rows), column: within(column, field.columns) };
}

const within = (value: number, count: number) => Math.max(0, Math.min(count - 1, value));
