import { type Field, FieldType, getDisplayProcessor, type GrafanaTheme2 } from '@grafana/data';
import type { Series } from '../model/series';
import { texts } from '../core/texts';

/**
 * The field of the deny rate in percent, which no query returns: it has the standard options of the denials' field, so
 * that thresholds, schemes and mappings apply as they are configured there.
 */
export function denyRateField(series: readonly Series[], decisionLabel: string, theme: GrafanaTheme2): Field {
  const denied = series.find(({ labels }) => labels[decisionLabel] === 'deny') ?? series[0];
  const field: Field = {
    name: texts.denyRate,
    type: FieldType.number,
    config: { ...denied?.field.config, unit: 'percent', min: 0, max: 100 },
    values: [],
  };
  return { ...field, display: getDisplayProcessor({ field, theme }) };
}
