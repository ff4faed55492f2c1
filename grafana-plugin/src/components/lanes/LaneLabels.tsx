import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2, useTheme2 } from '@grafana/ui';
import React from 'react';
import { formatValue, legible } from '../../display/format';
import { inkOn } from '../../display/ink';
import type { LaneLayout } from '../../model/lane-layout';
import type { LaneSample } from '../../model/lanes';
import type { Palette } from '../../model/palette';
import type { PlacedRow } from '../../model/rows';
import { testIds } from '../../core/test-ids';
import { texts } from '../../core/texts';

interface Props {
  readonly rows: readonly PlacedRow[];
  readonly layout: LaneLayout;
  readonly collapsed: ReadonlySet<string>;
  readonly onToggle: (zone: string) => void;
  readonly paletteOf: (field: LaneSample['field']) => Palette;
}

/** If the column of names is narrower, in pixels, a zone's name takes all of it. */
const NARROW = 160;

/** Names to the left of the visible rows and newest values to their right. */
export const LaneLabels = React.memo(function LaneLabels({ rows, layout, collapsed, onToggle, paletteOf }: Props) {
  const styles = useStyles2(getStyles);
  const { rowHeight, plotLeft } = layout;
  return (
    <div className={styles.window} style={{ top: layout.rowsTop, height: layout.rowsBottom - layout.rowsTop }}>
      {rows.map(({ row, index, y }) => {
        const isZone = row.kind === 'zone';
        const { now } = isZone ? row.group : row.lane;
        return (
          <div
            key={index}
            className={styles.row}
            style={{ height: rowHeight, lineHeight: `${rowHeight}px`, fontSize: Math.min(12, rowHeight), top: y }}
          >
            <div
              className={cx(styles.label, isZone && styles.zone)}
              style={{ width: plotLeft }}
              data-testid={testIds.rowLabel}
            >
              {isZone ? (
                <>
                  <ZoneButton zone={row.group.zone} isCollapsed={collapsed.has(row.group.zone)} onToggle={onToggle} />
                  <PeakBadge peak={row.group.peak} paletteOf={paletteOf} isNarrow={plotLeft < NARROW} />
                </>
              ) : (
                <bdi className={styles.lane} title={legible(row.lane.name, 300)}>
                  {legible(row.lane.name)}
                </bdi>
              )}
            </div>
            <NewestValue now={now} paletteOf={paletteOf} layout={layout} />
          </div>
        );
      })}
    </div>
  );
});

interface ZoneButtonProps {
  readonly zone: string;
  readonly isCollapsed: boolean;
  readonly onToggle: (zone: string) => void;
}

function ZoneButton({ zone, isCollapsed, onToggle }: ZoneButtonProps) {
  const styles = useStyles2(getStyles);
  const name = legible(zone);
  return (
    <button
      type="button"
      className={styles.button}
      aria-expanded={!isCollapsed}
      aria-label={isCollapsed ? texts.expand(name) : texts.collapse(name)}
      title={legible(zone, 300)}
      onClick={() => onToggle(zone)}
    >
      <Icon name={isCollapsed ? 'angle-right' : 'angle-down'} size="sm" />
      <bdi className={styles.name}>{name}</bdi>
    </button>
  );
}

interface PeakBadgeProps {
  readonly peak: LaneSample | undefined;
  readonly paletteOf: (field: LaneSample['field']) => Palette;
  /** There is no room for the value: only its colour, with the value as a tooltip. */
  readonly isNarrow: boolean;
}

/**
 * The highest value of a zone in the range, if it left the lowest step: a zone may be normal now and have been
 * anomalous before.
 */
function PeakBadge({ peak, paletteOf, isNarrow }: PeakBadgeProps) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  if (peak === undefined || peak.rank === 0) {
    return null;
  }
  const { color } = paletteOf(peak.field)(peak.value);
  const value = legible(formatValue(peak.field, peak.value, theme), 24);
  return (
    <span className={styles.badge} title={texts.peak(value)} data-testid={testIds.peak}>
      <i className={styles.swatch} style={{ background: color }} />
      {isNarrow ? <span className={styles.heard}>{value}</span> : value}
    </span>
  );
}

interface NewestValueProps {
  readonly now: LaneSample | undefined;
  readonly paletteOf: (field: LaneSample['field']) => Palette;
  readonly layout: LaneLayout;
}

/** The newest value, on its colour in the lane. */
export function NewestValue({ now, paletteOf, layout }: NewestValueProps) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const color = now && paletteOf(now.field)(now.value).color;
  return (
    <div className={styles.value} style={{ left: layout.plotRight + 5 }} title={texts.newest}>
      <span
        className={styles.pill}
        style={{ background: color, color: color && inkOn(theme, color) }}
        data-testid={testIds.rowValue}
      >
        {legible(formatValue(now?.field, now?.value, theme), 24)}
      </span>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  window: css({ insetInline: 0, overflow: 'hidden', pointerEvents: 'none', position: 'absolute' }),
  row: css({ insetInline: 0, position: 'absolute', whiteSpace: 'nowrap' }),
  label: css({
    color: theme.colors.text.secondary,
    height: '100%',
    overflow: 'hidden',
    paddingRight: theme.spacing(1),
    position: 'absolute',
    textOverflow: 'ellipsis',
  }),
  zone: css({
    alignItems: 'center',
    background: theme.colors.background.primary,
    color: theme.colors.text.primary,
    display: 'flex',
    fontWeight: 500,
    gap: theme.spacing(1),
    justifyContent: 'space-between',
  }),
  badge: css({
    alignItems: 'center',
    color: theme.colors.text.secondary,
    display: 'flex',
    flexShrink: 0,
    fontSize: 11,
    fontVariantNumeric: 'tabular-nums',
    fontWeight: 400,
    gap: 4,
    pointerEvents: 'auto',
  }),
  heard: css({ clipPath: 'inset(50%)', height: 1, overflow: 'hidden', position: 'absolute', width: 1 }),
  swatch: css({ display: 'inline-block', height: 8, width: 8 }),
  lane: css({ paddingLeft: 24 }),
  button: css({
    alignItems: 'center',
    background: 'none',
    border: 0,
    display: 'flex',
    gap: 4,
    height: '100%',
    fontSize: 'inherit',
    fontWeight: 'inherit',
    lineHeight: 'inherit',
    minWidth: 0,
    padding: 0,
    pointerEvents: 'auto',
    '&:hover': { textDecoration: 'underline' },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: -2 },
  }),
  name: css({ overflow: 'hidden', textOverflow: 'ellipsis' }),
  value: css({ position: 'absolute', top: 0 }),
  pill: css({ borderRadius: 2, fontVariantNumeric: 'tabular-nums', padding: '0 5px' }),
});
