import { type DataLink, type FieldConfig, FieldType, toDataFrame } from '@grafana/data';

/** A frame of one series, as Grafana's Prometheus data source sends it. */
export const seriesFrame = (
  labels: Record<string, string>,
  times: number[],
  values: Array<number | null>,
  refId = 'A',
  config: FieldConfig = {}
) =>
  toDataFrame({
    refId,
    fields: [
      { name: 'Time', type: FieldType.time, values: times },
      { name: 'Value', type: FieldType.number, values, labels, config },
    ],
  });

/** Exemplars, as Grafana's Prometheus data source sends them: one row each, the labels in columns of their own. */
export const exemplarFrame = (rows: Array<Record<string, string | number>>, links: DataLink[] = []) => {
  const names = [...new Set(rows.flatMap(row => Object.keys(row)))];
  return toDataFrame({
    name: 'exemplar',
    meta: { custom: { resultType: 'exemplar' } },
    fields: names.map(name => ({
      name,
      type: name === 'Time' ? FieldType.time : FieldType.string,
      values: rows.map(row => row[name] ?? ''),
      config: name === 'trace_id' ? { links } : {},
    })),
  });
};
