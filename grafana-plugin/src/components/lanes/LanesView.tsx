import { css } from '@emotion/css';
import type { EventBus, LinkModel } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import React, { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { formatTime } from '../../display/format';
import { annotationsAt } from '../../model/annotations';
import type { CursorPosition } from '../../model/cursor';
import { rowAt, visibleRows } from '../../model/rows';
import { bucketEnd, bucketOf, type TimeSpan } from '../../model/time-grid';
import { draggedSpan } from '../../model/time-scale';
import { paintLaneOverlay, type Rectangle } from '../../paint/lane-overlay';
import { paintLanes } from '../../paint/lanes';
import { lookOf } from '../../paint/look';
import { prepareSurface } from '../../paint/surface';
import { testIds } from '../../test-ids';
import { texts } from '../../texts';
import { CellCursor } from '../CellCursor';
import { type Detail, DetailCard } from '../DetailCard';
import { Message } from '../Message';
import { useLoadedFonts } from '../use-loaded-fonts';
import { LaneLabels } from './LaneLabels';
import { OverallLabel } from './OverallLabel';
import { cellWords, describeCell, describeStrip } from './describe-cell';
import { type LanePictureQuestion, useLanePicture } from './use-lane-picture';
import { isDrag, type Point, useLanePointer } from './use-lane-pointer';
import { useSharedCrosshair } from './use-shared-crosshair';

interface Props extends Omit<LanePictureQuestion, 'filter' | 'collapsed'> {
  readonly eventBus: EventBus;
  readonly onChangeTimeRange: (range: TimeSpan) => void;
}

/** A card that stays: it keeps what it said when it was pinned, whatever a refresh brings. */
interface Pin {
  readonly detail: Detail;
  readonly at: Point;
  readonly links: readonly LinkModel[];
}

/** Trust zones and their signals over time. Rows count from 0, the overall lane; the scrolling rows from 1. */
export function LanesView({ eventBus, onChangeTimeRange, ...question }: Props) {
  const { options, width, height, timeZone } = question;
  const theme = useTheme2();
  const styles = useStyles2(getStyles);
  const [filter, setFilter] = useState('');
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const [scrollTop, setScrollTop] = useState(0);
  const [cursor, setCursor] = useState<CursorPosition>();
  const [pin, setPin] = useState<Pin>();
  const [base, overlay, scroller] = [
    useRef<HTMLCanvasElement>(null),
    useRef<HTMLCanvasElement>(null),
    useRef<HTMLDivElement>(null),
  ];

  const collapsed = useMemo(() => {
    const zones = options.startCollapsed ? question.series.map(({ labels }) => labels[options.labels.zone] ?? '') : [];
    const closed = new Set(zones);
    toggled.forEach(zone => (closed.has(zone) ? closed.delete(zone) : closed.add(zone)));
    return closed;
  }, [options.startCollapsed, options.labels.zone, question.series, toggled]);
  const picture = useLanePicture({ ...question, filter, collapsed });
  const { model, map, layout, scale, annotations, marks, ticks, palette, range } = picture;
  const look = useMemo(() => lookOf(theme, options.glyphs), [theme, options.glyphs]);
  const fonts = useLoadedFonts();
  const rowsWindow = layout.rowsBottom - layout.rowsTop;
  const scrolled = Math.min(scrollTop, Math.max(0, layout.rowsHeight - rowsWindow));
  const placed = useMemo(
    () => visibleRows(map.rows, layout.rowHeight, scrolled, rowsWindow),
    [map, layout, scrolled, rowsWindow]
  );
  const toggle = useCallback((zone: string) => {
    setToggled(before => new Set(before.has(zone) ? [...before].filter(one => one !== zone) : [...before, zone]));
  }, []);

  useLayoutEffect(() => {
    const context = prepareSurface(base.current, width, height);
    if (context !== null) {
      const { grid, colors } = model;
      paintLanes(context, { layout, grid, scale, colors, overall: map.overall, rows: placed, ticks, marks }, look);
    }
  }, [base, width, height, model, map, layout, scale, placed, ticks, marks, look, fonts]);

  const cellAt = ({ x, y }: Point): CursorPosition | undefined => {
    const column = x < layout.plotLeft || x > layout.plotRight ? -1 : bucketOf(model.grid, scale.timeAt(x));
    const inOverall = y >= layout.stripHeight && y < layout.stripHeight + layout.rowHeight;
    const inRows = y >= layout.rowsTop && y < layout.rowsBottom;
    const row = inOverall ? -1 : inRows ? rowAt(placed, layout.rowHeight, y - layout.rowsTop)?.index : undefined;
    return column < 0 || row === undefined ? undefined : { row: row + 1, column };
  };
  const rectangleOf = (cell: CursorPosition | undefined): Rectangle | undefined => {
    const isPlaced = (index: number) => placed.find(row => row.index === index)?.y;
    const y = cell && (cell.row === 0 ? layout.stripHeight - layout.rowsTop : isPlaced(cell.row - 1));
    if (cell === undefined || y === undefined) {
      return undefined;
    }
    const end = bucketEnd(model.grid, cell.column);
    const x = Math.max(layout.plotLeft, scale.xOf(end - model.grid.bucketMs));
    const right = Math.min(layout.plotRight, scale.xOf(end));
    return { x, y: layout.rowsTop + y, width: right - x, height: layout.rowHeight };
  };

  const { time: remoteTime, tell } = useSharedCrosshair(eventBus);
  const describe = (cell: CursorPosition) => describeCell(picture, cell, theme, timeZone);
  const openAt = (cell: CursorPosition, at: Point) => {
    const { detail, links } = describe(cell);
    setPin({ detail, at, links: links() });
  };
  const { pointer, handlers } = useLanePointer({
    onHover: at => tell(at && at.x >= layout.plotLeft && at.x <= layout.plotRight ? scale.timeAt(at.x) : undefined),
    onClick: at => {
      const cell = cellAt(at);
      return cell === undefined ? setPin(undefined) : openAt(cell, at);
    },
    onDrag: (from, to) => onChangeTimeRange(draggedSpan(scale, from.x, to.x, range)),
  });
  const moveTo = (cell: CursorPosition | undefined) => {
    setCursor(cell);
    if (cell !== undefined && cell.row > 0 && scroller.current !== null) {
      const top = (cell.row - 1) * layout.rowHeight;
      const headroom = map.rows[cell.row - 1]?.kind === 'lane' ? layout.rowHeight : 0;
      scroller.current.scrollTop = Math.min(top - headroom, Math.max(scrolled, top + layout.rowHeight - rowsWindow));
    }
  };

  const hovered = pointer.at && !isDrag(pointer) ? cellAt(pointer.at) : undefined;
  const crosshairX = pointer.at?.x ?? (remoteTime === undefined ? undefined : scale.xOf(remoteTime));
  useLayoutEffect(() => {
    const context = prepareSurface(overlay.current, width, height);
    if (context !== null) {
      const edges = isDrag(pointer) ? [pointer.downAt!.x, pointer.at!.x] : undefined;
      const selection = edges && { left: Math.min(...edges), right: Math.max(...edges) };
      const rectangles = { hovered: rectangleOf(hovered), cursor: rectangleOf(cursor) };
      const crosshair =
        crosshairX === undefined
          ? undefined
          : { x: crosshairX, time: formatTime(Math.round(scale.timeAt(crosshairX)), timeZone) };
      paintLaneOverlay(context, { layout, crosshair, selection, ...rectangles }, look);
    }
  });

  const windowPoint = ({ x, y }: Point): Point => {
    const box = scroller.current?.getBoundingClientRect();
    return { x: x + (box?.left ?? 0), y: y + (box?.top ?? 0) };
  };
  const stripDetail =
    pointer.at && pointer.at.y < layout.stripHeight
      ? describeStrip(annotationsAt(annotations, scale.xOf, pointer.at.x, 6), timeZone)
      : undefined;
  const hoverDetail = stripDetail ?? (hovered && !pin ? describe(hovered).detail : undefined);
  const nothing = filter !== '' && map.rows.length === 0;
  return (
    <div
      ref={scroller}
      className={styles.scroller}
      style={{ width, height }}
      onScroll={event => setScrollTop(event.currentTarget.scrollTop)}
      data-testid={testIds.scroller}
    >
      <div style={{ height: height + Math.max(0, layout.rowsHeight - rowsWindow) }}>
        <div className={styles.surface} style={{ height }} {...handlers} data-testid={testIds.lanes}>
          <canvas
            ref={base}
            className={styles.canvas}
            style={{ width, height }}
            data-testid={testIds.base}
            aria-hidden
          />
          <canvas
            ref={overlay}
            className={styles.canvas}
            style={{ width, height }}
            data-testid={testIds.overlay}
            aria-hidden
          />
          <CellCursor
            label={texts.lanesGrid}
            rows={map.rows.length + 1}
            columns={model.grid.count}
            pageRows={Math.max(1, Math.floor(rowsWindow / layout.rowHeight) - 1)}
            cursor={cursor}
            announcement={cursor ? cellWords(picture, cursor, theme, timeZone) : ''}
            onMove={moveTo}
            onOpen={cell => {
              const { x, y } = rectangleOf(cell) ?? { x: 0, y: 0 };
              openAt(cell, { x, y });
            }}
          />
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
        </div>
      </div>
      {hoverDetail && pointer.at && <DetailCard detail={hoverDetail} {...windowPoint(pointer.at)} />}
      {pin && (
        <DetailCard
          detail={pin.detail}
          {...windowPoint(pin.at)}
          pinned={{ links: pin.links, onClose: () => setPin(undefined) }}
        />
      )}
    </div>
  );
}

const getStyles = () => ({
  scroller: css({ overflowX: 'hidden', overflowY: 'auto', position: 'relative' }),
  surface: css({ position: 'sticky', top: 0, touchAction: 'pan-y', userSelect: 'none' }),
  canvas: css({ left: 0, pointerEvents: 'none', position: 'absolute', top: 0 }),
  nothing: css({ inset: 0, pointerEvents: 'none', position: 'absolute', top: 60 }),
});
