import {
  createTheme,
  type Field,
  type FieldConfig,
  FieldColorModeId,
  FieldType,
  getDisplayProcessor,
  MappingType,
  ThresholdsMode,
} from '@grafana/data';
import { defaultThresholds } from '../core/thresholds';
import { inkOn } from './ink';
import { paletteOf } from './palette';
import { legendSteps } from './steps';

const themes = { dark: createTheme({ colors: { mode: 'dark' } }), light: createTheme({ colors: { mode: 'light' } }) };
const theme = themes.dark;

function fieldOf(config: FieldConfig): Field {
  const field: Field = { name: 'Value', type: FieldType.number, config, values: [] };
  return { ...field, display: getDisplayProcessor({ field, theme }) };
}

const byThresholds = { color: { mode: FieldColorModeId.Thresholds }, thresholds: defaultThresholds };

describe('the palette of a field', () => {
  it('has the colour and severity of its thresholds', () => {
    const palette = paletteOf(fieldOf(byThresholds), theme);
    expect([29.9, 30, 64, 85, Number.POSITIVE_INFINITY].map(value => palette(value).rank)).toEqual([
      0, 25, 50, 100, 100,
    ]);
    expect(palette(95).color).toBe('#c4162a');
  });

  it('reads thresholds in percent of its bounds', () => {
    const steps = [
      { value: Number.NEGATIVE_INFINITY, color: 'green' },
      { value: 50, color: 'red' },
    ];
    const thresholds = { mode: ThresholdsMode.Percentage, steps };
    const palette = paletteOf(fieldOf({ ...byThresholds, thresholds, min: 0, max: 1000 }), theme);
    expect([499, 500].map(value => palette(value).rank)).toEqual([0, 100]);
  });

  it('follows a continuous scheme, with few shades', () => {
    const palette = paletteOf(
      fieldOf({ ...byThresholds, color: { mode: 'continuous-GrYlRd' }, min: 0, max: 100 }),
      theme
    );
    const shades = new Set(Array.from({ length: 10_000 }, (_, at) => palette(at / 100).color));
    expect(shades.size).toBeGreaterThan(50);
    expect(shades.size).toBeLessThanOrEqual(256);
  });

  it('takes the colour of a value mapping first', () => {
    const mappings = [{ type: MappingType.ValueToText as const, options: { 7: { text: 'seven', color: 'purple' } } }];
    const palette = paletteOf(fieldOf({ ...byThresholds, mappings }), theme);
    expect(palette(7).color).toBe(theme.visualization.getColorByName('purple'));
    expect(palette(95).rank).toBe(100);
  });
});

it('the legend tells where each step begins', () => {
  expect(legendSteps(fieldOf(byThresholds), theme).map(({ label }) => label)).toEqual([
    '< 30',
    '≥ 30',
    '≥ 50',
    '≥ 65',
    '≥ 85',
  ]);
});

describe.each(Object.entries(themes))('text on the default steps, %s', (_, shown) => {
  it.each(defaultThresholds.steps.map(({ color }) => color))('can be read on %s', color => {
    const background = blend(color, shown.colors.background.primary);
    expect(contrast(shown.visualization.getColorByName(inkOn(shown, color)), background)).toBeGreaterThanOrEqual(4.5);
  });
});

/** Channels of `#rrggbb`, `#rrggbbaa` or `rgb(…)`, and the opacity. */
function channels(color: string): number[] {
  const hex = /^#([0-9a-f]{6})([0-9a-f]{2})?$/i.exec(color);
  if (hex) {
    const [, rgb = '', alpha = 'ff'] = hex;
    return [0, 2, 4].map(at => parseInt(rgb.slice(at, at + 2), 16)).concat(parseInt(alpha, 16) / 255);
  }
  const [red = 0, green = 0, blue = 0, alpha = 1] = (color.match(/[\d.]+/g) ?? []).map(Number);
  return [red, green, blue, alpha];
}

function blend(color: string, below: string): number[] {
  const [upper, lower] = [channels(color), channels(below)];
  const alpha = upper[3] ?? 1;
  return [0, 1, 2].map(at => alpha * (upper[at] ?? 0) + (1 - alpha) * (lower[at] ?? 0));
}

/** The contrast of WCAG between a text's colour and what is under it. */
function contrast(ink: string, background: number[]): number {
  const luminance = (rgb: number[]) =>
    rgb
      .map(channel => channel / 255)
      .map(share => (share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4))
      .reduce((sum, share, at) => sum + share * [0.2126, 0.7152, 0.0722][at]!, 0);
  const [high, low] = [luminance(blend(ink, `rgb(${background.join(',')})`)), luminance(background)].sort(
    (a, b) => b - a
  );
  return (high! + 0.05) / (low! + 0.05);
}
