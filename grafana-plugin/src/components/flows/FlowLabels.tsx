import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import { legible } from '../../display/format';
import { type FlowLayout, visibleLines } from '../../model/flow-layout';
import { testIds } from '../../core/test-ids';
import { texts } from '../../core/texts';

interface Props {
  readonly layout: FlowLayout;
  readonly zones: readonly string[];
  /** The corner holds the filter, whose placeholder names the axes. */
  readonly hasFilter: boolean;
  readonly scrollLeft: number;
  readonly scrollTop: number;
}

/** Names of the visible rows and columns; the last of each is the total. */
export const FlowLabels = React.memo(function FlowLabels({ layout, zones, hasFilter, scrollLeft, scrollTop }: Props) {
  const styles = useStyles2(getStyles);
  const { left, top, width, height, cellWidth, cellHeight, count } = layout;
  const between = ([first, end]: readonly [number, number]) =>
    Array.from({ length: end - first }, (_, at) => first + at);
  const rows = between(visibleLines(scrollTop, height - top, cellHeight, count));
  const columns = between(visibleLines(scrollLeft, width - left, cellWidth, count));
  const nameOf = (index: number) => zones[index] ?? texts.total;
  return (
    <>
      <div className={styles.window} style={{ left: 0, top, width: left, height: Math.max(0, height - top) }}>
        {rows.map(row => (
          <bdi
            key={row}
            className={cx(styles.rowName, row === zones.length && styles.total)}
            style={{ height: cellHeight, lineHeight: `${cellHeight}px`, top: row * cellHeight - scrollTop }}
            title={legible(nameOf(row), 300)}
            data-testid={testIds.rowLabel}
          >
            {legible(nameOf(row))}
          </bdi>
        ))}
      </div>
      <div className={styles.window} style={{ left, top: 0, width: Math.max(0, width - left), height: top }}>
        {columns.map(column => (
          <bdi
            key={column}
            className={cx(layout.upright ? styles.upright : styles.lying, column === zones.length && styles.total)}
            style={{
              left: column * cellWidth - scrollLeft,
              width: cellWidth,
              height: top,
              lineHeight: layout.upright ? `${cellWidth}px` : `${top}px`,
            }}
            title={legible(nameOf(column), 300)}
            data-testid={testIds.columnLabel}
          >
            {legible(nameOf(column))}
          </bdi>
        ))}
      </div>
      {!hasFilter && (
        <div className={styles.corner} style={{ width: left, height: top }}>
          {texts.axes}
        </div>
      )}
    </>
  );
});

const getStyles = (theme: GrafanaTheme2) => {
  const name = {
    color: theme.colors.text.primary,
    overflow: 'hidden',
    position: 'absolute',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  } as const;
  return {
    window: css({ fontSize: 12, overflow: 'hidden', pointerEvents: 'none', position: 'absolute' }),
    rowName: css({ ...name, left: 0, paddingRight: 10, right: 0, textAlign: 'right' }),
    lying: css({ ...name, padding: '0 4px', textAlign: 'center' }),
    upright: css({ ...name, transform: 'rotate(180deg)', paddingTop: 6, writingMode: 'vertical-rl' }),
    total: css({ color: theme.colors.text.secondary, fontWeight: 500 }),
    corner: css({
      alignItems: 'flex-end',
      color: theme.colors.text.secondary,
      display: 'flex',
      fontSize: 11,
      justifyContent: 'flex-end',
      overflow: 'hidden',
      padding: '0 10px 5px 0',
      pointerEvents: 'none',
      position: 'absolute',
    }),
  };
};
