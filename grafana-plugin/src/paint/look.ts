import type { GrafanaTheme2 } from '@grafana/data';
import { inkOn } from '../display/ink';
import type { Glyphs } from '../core/options';

/** The colours and fonts that painters take from the theme. */
export interface Look {
  readonly background: string;
  readonly track: string;
  readonly line: string;
  readonly text: string;
  readonly faintText: string;
  readonly focus: string;
  readonly annotation: string;
  readonly font: string;
  readonly glyphs: Glyphs;
  /** A colour that is legible on another. */
  readonly inkOn: (color: string) => string;
}

export function lookOf(theme: GrafanaTheme2, glyphs: Glyphs): Look {
  const { colors, typography } = theme;
  return {
    background: colors.background.primary,
    track: colors.background.secondary,
    line: colors.border.medium,
    text: colors.text.primary,
    faintText: colors.text.secondary,
    focus: colors.primary.border,
    annotation: colors.info.main,
    font: `12px ${typography.fontFamily}`,
    glyphs,
    inkOn: color => inkOn(theme, color),
  };
}
