import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import type { ZoneGroup } from '../../model/groups';
import type { LaneLayout } from '../../model/lane-layout';
import { type LaneSample, worstOf } from '../../model/lanes';
import type { Palette } from '../../model/palette';
import { texts } from '../../core/texts';
import { FilterInput } from '../FilterInput';
import { NewestValue } from './LaneLabels';

interface Props {
  readonly layout: LaneLayout;
  readonly groups: readonly ZoneGroup[];
  readonly paletteOf: (field: LaneSample['field']) => Palette;
  /** Undefined if the filter is disabled. */
  readonly filter: string | undefined;
  readonly onFilter: (filter: string) => void;
}

/**
 * The labels that do not scroll: the filter, beside the annotations, the heading of the newest values, and the overall
 * lane's.
 */
export function OverallLabel({ layout, groups, paletteOf, filter, onFilter }: Props) {
  const styles = useStyles2(getStyles);
  const { rowHeight, stripHeight } = layout;
  const now = worstOf(groups.map(group => group.now));
  return (
    <>
      {filter !== undefined && (
        <FilterInput
          value={filter}
          onChange={onFilter}
          placeholder={texts.filterPlaceholder}
          width={layout.plotLeft - 8}
        />
      )}
      <div
        className={styles.heading}
        style={{ left: layout.plotRight + 5, height: stripHeight, lineHeight: `${stripHeight}px` }}
        title={texts.newest}
      >
        {texts.newestHeading}
      </div>
      <div className={styles.row} style={{ top: stripHeight, height: rowHeight, lineHeight: `${rowHeight}px` }}>
        {texts.overall}
        <NewestValue now={now} paletteOf={paletteOf} layout={layout} />
      </div>
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  heading: css({
    color: theme.colors.text.secondary,
    fontSize: 11,
    overflow: 'hidden',
    pointerEvents: 'none',
    position: 'absolute',
    top: 2,
    whiteSpace: 'nowrap',
  }),
  row: css({
    color: theme.colors.text.primary,
    fontSize: 12,
    fontWeight: 500,
    insetInline: 0,
    pointerEvents: 'none',
    position: 'absolute',
    whiteSpace: 'nowrap',
  }),
});
