import { colorManipulator, type GrafanaTheme2 } from '@grafana/data';

/**
 * A legible text colour for a cell. A cell of less than half opacity shows the panel's background, so it uses the
 * theme's own text colour.
 */
export function inkOn(theme: GrafanaTheme2, color: string): string {
  return opacityOf(color) < 0.5 ? theme.colors.text.primary : theme.colors.getContrastText(color);
}

function opacityOf(color: string): number {
  try {
    const { type, values } = colorManipulator.decomposeColor(color);
    return /^(rgb|hsl)a$/.test(type) ? Number(values[3]) : 1;
  } catch {
    return 0;
  }
}
