import type { Field, GrafanaTheme2 } from '@grafana/data';
import type { Shade } from '../model/palette';
import { formatValue } from './format';
import { paletteOf, stepsOf } from './palette';

/** A threshold step of the legend. */
export interface LegendStep extends Shade {
  readonly label: string;
}

/** The steps of a field's thresholds with the look that its values have there. */
export function legendSteps(field: Field, theme: GrafanaTheme2): LegendStep[] {
  const palette = paletteOf(field, theme);
  const steps = stepsOf(field);
  return steps.map((from, at) => {
    const next = steps[at + 1];
    const label =
      at === 0
        ? next === undefined
          ? ''
          : `< ${formatValue(field, next, theme)}`
        : `≥ ${formatValue(field, from, theme)}`;
    return { ...palette(at === 0 ? (next ?? 0) - 1e-9 * Math.max(1, Math.abs(next ?? 0)) : from), label };
  });
}
