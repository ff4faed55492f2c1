import { type DataFrame, type Field, FieldType, type Labels } from '@grafana/data';

/** One labelled series of numbers from the frames, whatever their shape. */
export interface Series {
  readonly labels: Labels;
  /** The number field: it has units, thresholds and links, and its row numbers are those of `rows`. */
  readonly field: Field;
  readonly refId: string;
  /** Times in milliseconds by row; absent in an instant frame without a time field. */
  readonly times: ArrayLike<unknown> | undefined;
  /** The step that the data source states for the samples, in milliseconds: the time field's `interval`. */
  readonly stepMs?: number;
  /** The rows of the frame that belong to the series. Default: all. */
  readonly rows: readonly number[] | undefined;
}

export interface Sample {
  readonly time: number;
  readonly value: number;
  readonly row: number;
}

/**
 * Reads every number field of every frame as series: one field with labels (`timeseries-multi`, `timeseries-wide`,
 * `numeric-multi`), or, if a frame has text columns, one series for each combination of their values
 * (`timeseries-long`, `numeric-long`, tables).
 */
export function readSeries(frames: readonly DataFrame[]): Series[] {
  return frames.flatMap(frame => {
    const numbers = frame.fields.filter(field => field.type === FieldType.number);
    const time = frame.fields.find(field => field.type === FieldType.time);
    const samples = { times: time?.values, stepMs: time?.config.interval ?? undefined, refId: frame.refId ?? '' };
    const texts = frame.fields.filter(field => field.type === FieldType.string);
    return numbers.flatMap((field): Series[] =>
      texts.length > 0
        ? splitByText(field, texts).map(part => ({ ...samples, ...part, field }))
        : [{ ...samples, labels: field.labels ?? {}, field, rows: undefined }]
    );
  });
}

function splitByText(field: Field, texts: readonly Field[]): Array<{ labels: Labels; rows: number[] }> {
  const groups = new Map<string, { labels: Labels; rows: number[] }>();
  for (let row = 0; row < field.values.length; row++) {
    const values = texts.map(text => String(text.values[row] ?? ''));
    const key = JSON.stringify(values);
    let group = groups.get(key);
    if (group === undefined) {
      const labels = Object.fromEntries(texts.map((text, at) => [text.name, values[at] ?? '']));
      group = { labels: { ...field.labels, ...labels }, rows: [] };
      groups.set(key, group);
    }
    group.rows.push(row);
  }
  return [...groups.values()];
}

export const sampleCount = (series: Series): number => series.rows?.length ?? series.field.values.length;

/** Whether any sample is a number. */
export function hasNumber(series: Series): boolean {
  const count = sampleCount(series);
  for (let position = 0; position < count; position++) {
    if (sampleAt(series, position, 0) !== undefined) {
      return true;
    }
  }
  return false;
}

/**
 * The sample at a position of the series, or undefined at a gap: no number, or no valid time. `instant` is the time in
 * milliseconds of a sample whose frame has no time field.
 */
export function sampleAt(series: Series, position: number, instant: number): Sample | undefined {
  const row = series.rows === undefined ? position : (series.rows[position] ?? -1);
  const value: unknown = series.field.values[row];
  const time: unknown = series.times === undefined ? instant : series.times[row];
  if (typeof value !== 'number' || Number.isNaN(value)) {
    return undefined;
  }
  if (typeof time !== 'number' || !Number.isFinite(time)) {
    return undefined;
  }
  return { time, value, row };
}
