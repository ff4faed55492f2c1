import { css } from '@emotion/css';
import type { EventBus, InterpolateFunction } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import React, { useCallback, useMemo, useState } from 'react';
import { formatTime } from '../../display/format';
import { annotationsAt } from '../../model/annotations';
import type { CursorPosition } from '../../model/cursor';
import { rowAt, visibleRows } from '../../model/rows';
import { bucketEnd, bucketOf, type TimeSpan } from '../../model/time-grid';
import { draggedSpan } from '../../model/time-scale';
import { paintLaneOverlay } from '../../paint/lane-overlay';
import { paintLanes } from '../../paint/lanes';
import { lookOf } from '../../paint/look';
import type { Rectangle } from '../../paint/rectangle';
import { testIds } from '../../core/test-ids';
import { texts } from '../../core/texts';
import { CellPicture, type Marked } from '../CellPicture';
import { Message } from '../Message';
import type { Point } from '../use-pointer';
import { LaneLabels } from './LaneLabels';
import { OverallLabel } from './OverallLabel';
import { cellWords, describeCell, describeStrip } from './describe-cell';
import { type LanePictureQuestion, useLanePicture } from './use-lane-picture';
import { useSharedCrosshair } from './use-shared-crosshair';

interface Props extends Omit<LanePictureQuestion, 'filter' | 'collapsed'> {
  readonly eventBus: EventBus;
  readonly onChangeTimeRange: (range: TimeSpan) => void;
  readonly replaceVariables: InterpolateFunction;
}

/** The distance in pixels at which the pointer still selects an annotation's mark. */
const STRIP_TOLERANCE = 6;

/** Trust zones and their signals over time. Rows count from 0, the overall lane; the scrolling rows from 1. */
export function LanesView({ eventBus, onChangeTimeRange, replaceVariables, ...question }: Props) {
  const { options, width, height, timeZone } = question;
  const theme = useTheme2();
  const styles = useStyles2(getStyles);
  const [filter, setFilter] = useState('');
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const [scrollTop, setScrollTop] = useState(0);

  const collapsed = useMemo(() => {
    const zones = options.startCollapsed ? question.series.map(({ labels }) => labels[options.labels.zone] ?? '') : [];
    const closed = new Set(zones);
    toggled.forEach(zone => (closed.has(zone) ? closed.delete(zone) : closed.add(zone)));
    return closed;
  }, [options.startCollapsed, options.labels.zone, question.series, toggled]);
  const picture = useLanePicture({ ...question, filter, collapsed });
  const { model, map, layout, scale, annotations, marks, ticks, palette, range } = picture;
  const look = useMemo(() => lookOf(theme, options.glyphs), [theme, options.glyphs]);
  const rowsWindow = layout.rowsBottom - layout.rowsTop;
  const scrolled = Math.min(scrollTop, Math.max(0, layout.rowsHeight - rowsWindow));
  const placed = useMemo(
    () => visibleRows(map.rows, layout.rowHeight, scrolled, rowsWindow),
    [map, layout, scrolled, rowsWindow]
  );
  const toggle = useCallback((zone: string) => {
    setToggled(before => new Set(before.has(zone) ? [...before].filter(one => one !== zone) : [...before, zone]));
  }, []);
  const paint = useCallback(
    (context: CanvasRenderingContext2D) => {
      const { grid, colors } = model;
      paintLanes(context, { layout, grid, scale, colors, overall: map.overall, rows: placed, ticks, marks }, look);
    },
    [model, map, layout, scale, placed, ticks, marks, look]
  );

  const cellAt = ({ x, y }: Point): CursorPosition | undefined => {
    const column = x < layout.plotLeft || x > layout.plotRight ? -1 : bucketOf(model.grid, scale.timeAt(x));
    const inOverall = y >= layout.stripHeight && y < layout.stripHeight + layout.rowHeight;
    const inRows = y >= layout.rowsTop && y < layout.rowsBottom;
    const row = inOverall ? -1 : inRows ? rowAt(placed, layout.rowHeight, y - layout.rowsTop)?.index : undefined;
    return column < 0 || row === undefined ? undefined : { row: row + 1, column };
  };
  const rectangleOf = (cell: CursorPosition): Rectangle | undefined => {
    const isPlaced = (index: number) => placed.find(row => row.index === index)?.y;
    const y = cell.row === 0 ? layout.stripHeight - layout.rowsTop : isPlaced(cell.row - 1);
    if (y === undefined) {
      return undefined;
    }
    const end = bucketEnd(model.grid, cell.column);
    const x = Math.max(layout.plotLeft, scale.xOf(end - model.grid.bucketMs));
    const right = Math.min(layout.plotRight, scale.xOf(end));
    return { x, y: layout.rowsTop + y, width: right - x, height: layout.rowHeight };
  };
  const scrollTo = ({ row }: CursorPosition) => {
    if (row === 0) {
      return {};
    }
    const top = (row - 1) * layout.rowHeight;
    const headroom = map.rows[row - 1]?.kind === 'lane' ? layout.rowHeight : 0;
    return { top: Math.min(top - headroom, Math.max(scrolled, top + layout.rowHeight - rowsWindow)) };
  };

  const { time: remoteTime, tell } = useSharedCrosshair(eventBus);
  const paintOver = (context: CanvasRenderingContext2D, { pointer, hovered, cursor, drag }: Marked) => {
    const x = pointer?.x ?? (remoteTime === undefined ? undefined : scale.xOf(remoteTime));
    const crosshair = x === undefined ? undefined : { x, time: formatTime(Math.round(scale.timeAt(x)), timeZone) };
    const selection = drag && { left: Math.min(drag.from.x, drag.to.x), right: Math.max(drag.from.x, drag.to.x) };
    paintLaneOverlay(context, { layout, crosshair, selection, hovered, cursor }, look);
  };
  const nothing = filter !== '' && map.rows.length === 0;
  return (
    <CellPicture
      testId={testIds.lanes}
      width={width}
      height={height}
      content={{ height: height + Math.max(0, layout.rowsHeight - rowsWindow) }}
      grid={{
        label: texts.lanesGrid,
        rows: map.rows.length + 1,
        columns: model.grid.count,
        pageRows: Math.max(1, Math.floor(rowsWindow / layout.rowHeight) - 1),
      }}
      paint={paint}
      paintOver={paintOver}
      cellAt={cellAt}
      rectangleOf={rectangleOf}
      scrollTo={scrollTo}
      describe={cell => describeCell(picture, cell, theme, timeZone, replaceVariables)}
      wordsOf={cell => cellWords(picture, cell, theme, timeZone)}
      noteAt={({ x, y }) =>
        y < layout.stripHeight
          ? describeStrip(annotationsAt(annotations, scale.xOf, x, STRIP_TOLERANCE), timeZone)
          : undefined
      }
      onScroll={({ top }) => setScrollTop(top)}
      onHover={at => tell(at && at.x >= layout.plotLeft && at.x <= layout.plotRight ? scale.timeAt(at.x) : undefined)}
      onDrag={(from, to) => onChangeTimeRange(draggedSpan(scale, from.x, to.x, range))}
    >
      <OverallLabel
        layout={layout}
        groups={map.groups}
        paletteOf={palette}
        filter={options.showFilter ? filter : undefined}
        onFilter={setFilter}
      />
      {nothing ? (
        <div className={styles.nothing}>
          <Message text={texts.nothingMatches(filter)} />
        </div>
      ) : (
        <LaneLabels rows={placed} layout={layout} collapsed={collapsed} onToggle={toggle} paletteOf={palette} />
      )}
    </CellPicture>
  );
}

const getStyles = () => ({
  nothing: css({ inset: 0, pointerEvents: 'none', position: 'absolute', top: 60 }),
});
