import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import React, { useLayoutEffect, useRef } from 'react';
import type { LegendStep } from '../display/steps';
import type { Glyphs } from '../core/options';
import { paintGlyph } from '../paint/glyphs';
import { lookOf } from '../paint/look';
import { prepareSurface } from '../paint/surface';
import { testIds } from '../core/test-ids';
import { texts } from '../core/texts';

const LINE_HEIGHT = 22;
const MAX_LINES = 3;
const GAP = 12;
const CHARACTER = 6.6;
const SWATCH = { width: 22, height: 12 };

/** The legend of a picture, except the steps of its colours. */
export type LegendKey = 'empty' | 'halves' | 'new';

interface Props {
  readonly steps: readonly LegendStep[];
  readonly glyphs: Glyphs;
  /** The meaning of the colours. */
  readonly title: string;
  readonly keys: readonly LegendKey[];
  /** Signs that the steps do not explain. */
  readonly note: string | undefined;
  readonly height: number;
}

/** The height of the legend at a width, in pixels: items that do not fit on one line wrap to the next. */
export function legendHeight({ steps, title, keys, note }: Omit<Props, 'glyphs' | 'height'>, width: number): number {
  const wide = (text: string, before: number) => before + text.length * CHARACTER + GAP;
  const parts = [
    wide(title, 0),
    ...steps.map(({ label }) => wide(label, SWATCH.width + 4)),
    ...keys.map(key => wide(keyTexts[key], SWATCH.width + 4)),
    ...(note === undefined ? [] : [wide(note, 0)]),
  ];
  let [lines, used] = [1, 0];
  for (const part of parts) {
    [lines, used] = used + part > width && used > 0 ? [lines + 1, part] : [lines, used + part];
  }
  return LINE_HEIGHT * Math.min(MAX_LINES, lines);
}

const keyTexts: Readonly<Record<LegendKey, string>> = {
  empty: texts.emptyKey,
  halves: texts.allowed + texts.denied,
  new: texts.newKey,
};

/** The steps of the colours, with their glyphs in the picture, and its other signs. */
export function Legend({ steps, glyphs, title, keys, note, height }: Props) {
  const styles = useStyles2(getStyles);
  const signs: Record<LegendKey, React.ReactNode> = {
    empty: (
      <span key="empty" className={styles.step}>
        <i className={styles.empty} />
        {texts.emptyKey}
      </span>
    ),
    halves: (
      <span key="halves" className={styles.halves}>
        <span>{texts.allowed}</span>
        <span>{texts.denied}</span>
      </span>
    ),
    new: (
      <span key="new" className={styles.step}>
        <i className={styles.corner} />
        {texts.newKey}
      </span>
    ),
  };
  return (
    <div className={styles.legend} style={{ height }} data-testid={testIds.legend}>
      <span>{title}</span>
      {steps.map((step, at) => (
        <span key={at} className={styles.step}>
          <Swatch step={step} glyphs={glyphs} />
          {step.label}
        </span>
      ))}
      {keys.map(key => signs[key])}
      {note !== undefined && <span>{note}</span>}
    </div>
  );
}

function Swatch({ step, glyphs }: { readonly step: LegendStep; readonly glyphs: Glyphs }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useTheme2();
  useLayoutEffect(() => {
    const { width, height } = SWATCH;
    const context = prepareSurface(canvas.current, width, height);
    if (context === null) {
      return;
    }
    const look = lookOf(theme, glyphs);
    context.fillStyle = look.track;
    context.fillRect(0, 0, width, height);
    context.fillStyle = step.color;
    context.fillRect(0, 0, width, height);
    paintGlyph(context, glyphs, step.rank, look.inkOn(step.color), 0, 0, width, height);
  }, [step, glyphs, theme]);
  return <canvas ref={canvas} style={SWATCH} aria-hidden />;
}

const getStyles = (theme: GrafanaTheme2) => ({
  legend: css({
    alignItems: 'center',
    color: theme.colors.text.secondary,
    display: 'flex',
    fontSize: theme.typography.bodySmall.fontSize,
    columnGap: GAP,
    flexWrap: 'wrap',
    lineHeight: `${LINE_HEIGHT}px`,
    overflow: 'hidden',
    whiteSpace: 'nowrap',
  }),
  step: css({ alignItems: 'center', display: 'inline-flex', gap: theme.spacing(0.5) }),
  empty: css({ background: theme.colors.border.medium, height: 1, width: SWATCH.width }),
  halves: css({
    border: `1px solid ${theme.colors.border.medium}`,
    lineHeight: '16px',
    span: { padding: theme.spacing(0, 0.75) },
    'span + span': { borderLeft: `1px solid ${theme.colors.border.medium}` },
  }),
  corner: css({
    background: theme.colors.text.primary,
    clipPath: 'polygon(0 0, 100% 0, 100% 100%)',
    height: 11,
    width: 11,
  }),
});
