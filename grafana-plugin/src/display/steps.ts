import { type Field, type GrafanaTheme2, ThresholdsMode } from '@grafana/data';
import type { Shade } from '../model/palette';
import { formatValue } from './format';
import { paletteOf, stepsOf } from './palette';

/** A threshold step of the legend. */
export interface LegendStep extends Shade {
  readonly label: string;
}

/** The steps of a field's thresholds with the look of their values. */
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

/**
 * The field whose steps most of the fields have, and whether others have other steps: a different unit or other
 * thresholds.
 */
export function commonField(fields: readonly Field[]): { readonly field: Field | undefined; readonly differ: boolean } {
  const kinds = new Map<string, { field: Field; count: number }>();
  for (const field of fields) {
    const { unit, thresholds, min, max, color } = field.config;
    const steps = thresholds?.steps.map(step => `${step.value} ${step.color}`).join();
    const kind = [
      unit,
      thresholds?.mode,
      steps,
      color?.mode,
      color?.fixedColor,
      ...boundsThatMatter(field, min, max),
    ].join();
    const known = kinds.get(kind);
    if (known === undefined) {
      kinds.set(kind, { field, count: 1 });
    } else {
      known.count++;
    }
  }
  const [most] = [...kinds.values()].sort((a, b) => b.count - a.count);
  return { field: most?.field, differ: kinds.size > 1 };
}

/** Steps in percent depend on the minimum and the maximum. */
const boundsThatMatter = (field: Field, min: unknown, max: unknown) =>
  field.config.thresholds?.mode === ThresholdsMode.Percentage ? [min, max] : [];
