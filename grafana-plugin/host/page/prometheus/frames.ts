/** Answers of Prometheus as frames, in the shape that Grafana's data source gives them. */
import * as data from '@grafana/data';

export interface Query {
  readonly refId: string;
  readonly expr: string;
  readonly format?: 'time_series' | 'table';
  readonly instant?: boolean;
  readonly legendFormat?: string;
  readonly hide?: boolean;
}
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [number, string];
  readonly values?: readonly (readonly [number, string])[];
}

const named = (metric: Series['metric'], legend: string | undefined): string => {
  if (legend && legend !== '__auto')
    return legend.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, label) => metric[label] ?? '').trim();
  const { __name__ = '', ...labels } = metric;
  const list = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  return list.length === 0 ? __name__ : `${__name__}{${list.join(', ')}}`;
};

/** A frame for each series. */
export function seriesFrames(result: readonly Series[], { refId, legendFormat, expr }: Query, stepMs: number) {
  return result.map(({ metric, value, values = value ? [value] : [] }) => ({
    refId,
    meta: {
      type: value ? 'numeric-multi' : 'timeseries-multi',
      typeVersion: [0, 1],
      custom: { resultType: value ? 'vector' : 'matrix' },
      executedQueryString: `Expr: ${expr}\nStep: ${stepMs / 1000}s`,
    },
    fields: [
      {
        name: 'Time',
        type: data.FieldType.time,
        config: { interval: stepMs },
        values: values.map(([seconds]) => seconds * 1000),
      },
      {
        name: 'Value',
        type: data.FieldType.number,
        labels: metric,
        config: { displayNameFromDS: named(metric, legendFormat) },
        values: values.map(([, text]) => Number(text.replace('Inf', 'Infinity'))),
      },
    ],
  }));
}

/** One frame, its columns the labels. */
export function tableFrame(result: readonly Series[], { refId }: Query, several: boolean) {
  const labels = [...new Set(result.flatMap(({ metric }) => Object.keys(metric)))].sort();
  const column = (name: string, type: data.FieldType, values: unknown[]) => ({ name, type, config: {}, values });
  const samples = result.map(({ value }) => value ?? [0, 'NaN']);
  return {
    refId,
    meta: { type: 'table', custom: { resultType: 'vector' } },
    fields: [
      column(
        'Time',
        data.FieldType.time,
        samples.map(([seconds]) => seconds * 1000)
      ),
      ...labels.map(label =>
        column(
          label,
          data.FieldType.string,
          result.map(({ metric }) => metric[label] ?? '')
        )
      ),
      column(
        several ? `Value #${refId}` : 'Value',
        data.FieldType.number,
        samples.map(([, text]) => Number(text))
      ),
    ],
  };
}
