import { type FieldConfig, FieldType, toDataFrame } from '@grafana/data';

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
