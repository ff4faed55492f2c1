import type { Field } from '@grafana/data';
import { useTheme2 } from '@grafana/ui';
import React, { useCallback, useMemo, useState } from 'react';
import { flowDetail, flowWords, formatCount } from '../../display/flow-detail';
import { linksOf } from '../../display/lane-detail';
import { paletteOf } from '../../display/palette';
import type { CursorPosition } from '../../model/cursor';
import { flowAt, flowLayout } from '../../model/flow-layout';
import { buildFlows } from '../../model/flows';
import type { Series } from '../../model/series';
import type { TrustMapOptions } from '../../core/options';
import { flowIn, flowRectangle, paintFlows } from '../../paint/flows';
import { lookOf } from '../../paint/look';
import { outline } from '../../paint/rectangle';
import { testIds } from '../../core/test-ids';
import { texts } from '../../core/texts';
import { CellPicture, type Described, type Marked, type Scroll } from '../CellPicture';
import { FilterInput } from '../FilterInput';
import { Message } from '../Message';
import { FlowLabels } from './FlowLabels';

interface Props {
  /** All with the labels of source, destination and decision. */
  readonly series: readonly Series[];
  readonly rateField: Field;
  readonly options: TrustMapOptions;
  readonly width: number;
  readonly height: number;
}

/** Decisions from zone to zone: a row is a source, a column a destination. */
export function FlowsView({ series, rateField, options, width, height }: Props) {
  const theme = useTheme2();
  const [filter, setFilter] = useState('');
  const [scroll, setScroll] = useState<Scroll>({ left: 0, top: 0 });
  const { labels, sort } = options;
  const matrix = useMemo(() => buildFlows({ series, labels, sort, filter }), [series, labels, sort, filter]);
  const { zones, countField } = matrix;
  const layout = useMemo(() => {
    const longest = zones.reduce((most, zone) => Math.max(most, zone.length), texts.total.length);
    return flowLayout(width, height, zones.length, longest);
  }, [zones, width, height]);
  const look = useMemo(() => lookOf(theme, options.glyphs), [theme, options.glyphs]);
  const palette = useMemo(() => paletteOf(rateField, theme), [rateField, theme]);
  const paint = useCallback(
    (context: CanvasRenderingContext2D) => {
      const countText = (count: number) => formatCount(count, matrix.countField, theme);
      paintFlows(context, { layout, matrix, scroll, palette, formatCount: countText }, look);
    },
    [layout, matrix, scroll, palette, theme, look]
  );
  const paintOver = (context: CanvasRenderingContext2D, { hovered, cursor }: Marked) => {
    context.save();
    context.beginPath();
    context.rect(layout.left, layout.top, width, height);
    context.clip();
    outline(context, hovered, look.text, 1);
    outline(context, cursor, look.focus, 2);
    context.restore();
  };

  const flowOf = ({ row, column }: CursorPosition) => flowIn(matrix, row, column);
  const endsOf = ({ row, column }: CursorPosition) => ({ source: zones[row], destination: zones[column] });
  const describe = (cell: CursorPosition): Described => {
    const flow = flowOf(cell);
    const color = flow?.denyRate === undefined ? undefined : palette(flow.denyRate).color;
    return {
      detail: flowDetail(endsOf(cell), flow, rateField, color, theme, countField),
      links: () => linksOf(flow?.field, flow?.row ?? -1),
    };
  };
  const scrollTo = ({ row, column }: CursorPosition): Scroll => {
    const into = (from: number, start: number, size: number, room: number) =>
      Math.min(start, Math.max(from, start + size - room));
    const { cellWidth, cellHeight } = layout;
    return {
      left: into(scroll.left, column * cellWidth, cellWidth, width - layout.left),
      top: into(scroll.top, row * cellHeight, cellHeight, height - layout.top),
    };
  };
  return (
    <CellPicture
      testId={testIds.flows}
      width={width}
      height={height}
      content={{ width: Math.max(1, layout.contentWidth), height: Math.max(1, layout.contentHeight) }}
      grid={{
        label: texts.flowsGrid,
        rows: layout.count,
        columns: layout.count,
        pageRows: Math.max(1, Math.floor((height - layout.top) / layout.cellHeight) - 1),
      }}
      paint={paint}
      paintOver={paintOver}
      cellAt={({ x, y }) => flowAt(layout, scroll, x, y)}
      rectangleOf={({ row, column }) => flowRectangle({ layout, scroll }, row, column)}
      scrollTo={scrollTo}
      describe={describe}
      wordsOf={cell => flowWords(endsOf(cell), flowOf(cell), countField, theme)}
      onScroll={setScroll}
    >
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
    </CellPicture>
  );
}
