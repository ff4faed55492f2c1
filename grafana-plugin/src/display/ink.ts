import { colorManipulator, type GrafanaTheme2 } from '@grafana/data';

/**
 * A text colour that can be read on a cell. A cell of less than half opacity lets the panel through, so there the
 * theme's own text colour is the one.
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
