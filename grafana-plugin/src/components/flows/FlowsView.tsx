import { css } from '@emotion/css';
import { type Field, type LinkModel } from '@grafana/data';
import { useStyles2, useTheme2 } from '@grafana/ui';
import React, { type PointerEvent, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { flowDetail, flowWords, formatCount } from '../../display/flow-detail';
import { linksOf } from '../../display/lane-detail';
import { paletteOf } from '../../display/palette';
import { flowAt, flowLayout } from '../../model/flow-layout';
import { buildFlows } from '../../model/flows';
import type { Series } from '../../model/series';
import type { CursorPosition } from '../../model/cursor';
import type { TrustMapOptions } from '../../options';
import { flowIn, flowRectangle, paintFlows } from '../../paint/flows';
import { outline } from '../../paint/lane-overlay';
import { lookOf } from '../../paint/look';
import { prepareSurface } from '../../paint/surface';
import { testIds } from '../../test-ids';
import { texts } from '../../texts';
import { CellCursor } from '../CellCursor';
import { type Detail, DetailCard } from '../DetailCard';
import { FilterInput } from '../FilterInput';
import { Message } from '../Message';
import { useLoadedFonts } from '../use-loaded-fonts';
import { FlowLabels } from './FlowLabels';

interface Props {
  /** All with the labels of source, destination and decision. */
  readonly series: readonly Series[];
  readonly rateField: Field;
  readonly options: TrustMapOptions;
  readonly width: number;
  readonly height: number;
}

interface Pin {
  readonly detail: Detail;
  readonly links: readonly LinkModel[];
  readonly x: number;
  readonly y: number;
}

/** Decisions from zone to zone: a row is a source, a column a destination. */
export function FlowsView({ series, rateField, options, width, height }: Props) {
  const theme = useTheme2();
  const styles = useStyles2(getStyles);
  const [filter, setFilter] = useState('');
  const [scroll, setScroll] = useState({ left: 0, top: 0 });
  const [pointer, setPointer] = useState<{ readonly x: number; readonly y: number }>();
  const [cursor, setCursor] = useState<CursorPosition>();
  const [pin, setPin] = useState<Pin>();
  const [base, overlay, scroller] = [
    useRef<HTMLCanvasElement>(null),
    useRef<HTMLCanvasElement>(null),
    useRef<HTMLDivElement>(null),
  ];
  const { labels, sort } = options;
  const matrix = useMemo(() => buildFlows({ series, labels, sort, filter }), [series, labels, sort, filter]);
  const { zones } = matrix;
  const layout = useMemo(() => {
    const longest = zones.reduce((most, zone) => Math.max(most, zone.length), texts.total.length);
    return flowLayout(width, height, zones.length, longest);
  }, [zones, width, height]);
  const look = useMemo(() => lookOf(theme, options.glyphs), [theme, options.glyphs]);
  const fonts = useLoadedFonts();
  const palette = useMemo(() => paletteOf(rateField, theme), [rateField, theme]);

  useLayoutEffect(() => {
    const context = prepareSurface(base.current, width, height);
    if (context !== null) {
      const countText = (count: number) => formatCount(count, matrix.countField, theme);
      paintFlows(context, { layout, matrix, scroll, palette, formatCount: countText }, look);
    }
  }, [base, width, height, layout, matrix, scroll, palette, theme, look, fonts]);

  const hovered = pointer && flowAt(layout, scroll, pointer.x, pointer.y);
  useLayoutEffect(() => {
    const context = prepareSurface(overlay.current, width, height);
    if (context !== null) {
      context.beginPath();
      context.rect(layout.left, layout.top, width, height);
      context.clip();
      outline(context, hovered && flowRectangle({ layout, scroll }, hovered.row, hovered.column), look.text, 1);
      outline(context, cursor && flowRectangle({ layout, scroll }, cursor.row, cursor.column), look.focus, 2);
    }
  });

  const endsOf = ({ row, column }: CursorPosition) => ({ source: zones[row], destination: zones[column] });
  const describe = (cell: CursorPosition): Detail => {
    const flow = flowIn(matrix, cell.row, cell.column);
    const color = flow?.denyRate === undefined ? undefined : palette(flow.denyRate).color;
    return flowDetail(endsOf(cell), flow, rateField, color, theme, matrix.countField);
  };
  const open = (cell: CursorPosition, x: number, y: number) => {
    const flow = flowIn(matrix, cell.row, cell.column);
    setPin({ detail: describe(cell), links: linksOf(flow?.field, flow?.row ?? -1), x, y });
  };
  const windowPoint = (x: number, y: number) => {
    const box = scroller.current?.getBoundingClientRect();
    return { x: x + (box?.left ?? 0), y: y + (box?.top ?? 0) };
  };
  const moveTo = (cell: CursorPosition | undefined) => {
    setCursor(cell);
    if (cell !== undefined && scroller.current !== null) {
      const { x, y } = flowRectangle({ layout, scroll: { left: layout.left, top: layout.top } }, cell.row, cell.column);
      const into = (from: number, start: number, size: number, room: number) =>
        Math.min(start, Math.max(from, start + size - room));
      scroller.current.scrollLeft = into(scroll.left, x, layout.cellWidth, width - layout.left);
      scroller.current.scrollTop = into(scroll.top, y, layout.cellHeight, height - layout.top);
    }
  };
  const pointOf = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  return (
    <div
      ref={scroller}
      className={styles.scroller}
      style={{ width, height }}
      onScroll={({ currentTarget }) => setScroll({ left: currentTarget.scrollLeft, top: currentTarget.scrollTop })}
      data-testid={testIds.scroller}
    >
      <div style={{ width: Math.max(1, layout.contentWidth), height: Math.max(1, layout.contentHeight) }}>
        <div
          className={styles.surface}
          style={{ width: Math.min(width, layout.contentWidth), height: Math.min(height, layout.contentHeight) }}
          onPointerMove={event => setPointer(pointOf(event))}
          onPointerLeave={() => setPointer(undefined)}
          onClick={event => {
            const box = event.currentTarget.getBoundingClientRect();
            const cell = flowAt(layout, scroll, event.clientX - box.left, event.clientY - box.top);
            if (cell === undefined) {
              setPin(undefined);
            } else {
              open(cell, event.clientX, event.clientY);
            }
          }}
          data-testid={testIds.flows}
        >
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
          <FlowLabels
            layout={layout}
            zones={zones}
            hasFilter={options.showFilter}
            scrollLeft={scroll.left}
            scrollTop={scroll.top}
          />
          {options.showFilter && (
            <FilterInput
              value={filter}
              onChange={setFilter}
              placeholder={texts.flowFilterPlaceholder}
              width={layout.left - 8}
            />
          )}
          {filter !== '' && zones.length === 0 && <Message text={texts.nothingMatches(filter)} />}
          <CellCursor
            label={texts.flowsGrid}
            rows={layout.count}
            columns={layout.count}
            pageRows={Math.max(1, Math.floor((height - layout.top) / layout.cellHeight) - 1)}
            cursor={cursor}
            announcement={
              cursor
                ? flowWords(endsOf(cursor), flowIn(matrix, cursor.row, cursor.column), matrix.countField, theme)
                : ''
            }
            onMove={moveTo}
            onOpen={cell => {
              const { x, y } = flowRectangle({ layout, scroll }, cell.row, cell.column);
              const at = windowPoint(x, y);
              open(cell, at.x, at.y);
            }}
          />
        </div>
      </div>
      {hovered && !pin && pointer && <DetailCard detail={describe(hovered)} {...windowPoint(pointer.x, pointer.y)} />}
      {pin && (
        <DetailCard
          detail={pin.detail}
          x={pin.x}
          y={pin.y}
          pinned={{ links: pin.links, onClose: () => setPin(undefined) }}
        />
      )}
    </div>
  );
}

const getStyles = () => ({
  scroller: css({ overflow: 'auto', position: 'relative' }),
  surface: css({ left: 0, position: 'sticky', top: 0 }),
  canvas: css({ left: 0, pointerEvents: 'none', position: 'absolute', top: 0 }),
});
