import {
  type Field,
  FieldColorModeId,
  type GrafanaTheme2,
  getFieldColorModeForField,
  getScaleCalculator,
  ThresholdsMode,
} from '@grafana/data';
import type { Palette, Shade } from '../model/palette';

/** Distinct shades of a continuous scheme: finer steps cannot be distinguished on a screen. */
const CONTINUOUS_STEPS = 256;
/** Shades cached for a field; with more distinct values, value mappings are evaluated again each time. */
const REMEMBERED = 4096;

/**
 * The palette of a field's standard options: value mappings first, then thresholds, continuous schemes and fixed
 * colours as in Grafana. Colours are computed once for each step, not for each cell.
 */
export function paletteOf(field: Field, theme: GrafanaTheme2): Palette {
  const rankOf = ranksOf(field);
  if ((field.config.mappings?.length ?? 0) > 0 && field.display !== undefined) {
    const display = field.display;
    return remember(
      value => value,
      value => ({ color: display(value).color ?? '', rank: rankOf(value) })
    );
  }
  const scale = getScaleCalculator(field, theme);
  const shade = (value: number): Shade => ({ color: scale(value).color, rank: rankOf(value) });
  const mode = getFieldColorModeForField(field);
  if (mode.id === FieldColorModeId.Thresholds) {
    const steps = stepsOf(field);
    const shades = steps.map(shade);
    return value => shades[stepIndex(steps, value)]!;
  }
  const { min, max } = boundsOf(field);
  const size = (max - min) / (CONTINUOUS_STEPS - 1) || 1;
  return remember(value => Math.round((clamp(value, min, max) - min) / size) * size + min, shade);
}

function remember(representative: (value: number) => number, shade: (value: number) => Shade): Palette {
  const known = new Map<number, Shade>();
  return value => {
    const key = representative(value);
    let found = known.get(key);
    if (found === undefined) {
      found = shade(key);
      if (known.size < REMEMBERED) {
        known.set(key, found);
      }
    }
    return found;
  };
}

/** Severity by the field's thresholds, which every colour scheme has: 0 for the first step, 100 for the last. */
function ranksOf(field: Field): (value: number) => number {
  const steps = stepsOf(field);
  const last = steps.length - 1;
  return value => (last < 1 ? 0 : Math.round((100 * stepIndex(steps, value)) / last));
}

function stepIndex(steps: readonly number[], value: number): number {
  let index = 0;
  while (index + 1 < steps.length && value >= steps[index + 1]!) {
    index++;
  }
  return index;
}

/** Where each threshold step starts, in the field's unit; the first starts at -Infinity. */
export function stepsOf(field: Field): number[] {
  const { thresholds } = field.config;
  if (thresholds === undefined || thresholds.steps.length === 0) {
    return [Number.NEGATIVE_INFINITY];
  }
  const { min, max } = boundsOf(field);
  const inUnit = (value: number) =>
    thresholds.mode === ThresholdsMode.Percentage ? min + (value / 100) * (max - min) : value;
  return thresholds.steps.map((step, at) => (at === 0 ? Number.NEGATIVE_INFINITY : inUnit(step.value)));
}

function boundsOf(field: Field): { min: number; max: number } {
  const min = field.config.min ?? field.state?.range?.min ?? 0;
  const max = field.config.max ?? field.state?.range?.max ?? 100;
  return { min, max };
}

const clamp = (value: number, min: number, max: number) => Math.min(max, Math.max(min, value));
