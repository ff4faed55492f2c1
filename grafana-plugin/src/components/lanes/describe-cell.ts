import type { GrafanaTheme2, InterpolateFunction } from '@grafana/data';
import { cellLinks } from '../../display/cell-links';
import type { Detail } from '../../display/detail';
import { formatTime, formatValue, legible } from '../../display/format';
import { laneDetail, linksOf } from '../../display/lane-detail';
import type { Annotation } from '../../model/annotations';
import { cellDetail } from '../../model/cell-detail';
import type { CursorPosition } from '../../model/cursor';
import { exemplarsIn } from '../../model/exemplars';
import { bucketEnd } from '../../model/time-grid';
import { texts } from '../../core/texts';
import type { Described } from '../CellPicture';
import type { LanePicture } from './use-lane-picture';

/** The card of a cell; for a zone or the overall lane, that of the worst lane's cell. */
export function describeCell(
  picture: LanePicture,
  { row, column }: CursorPosition,
  theme: GrafanaTheme2,
  timeZone: string,
  replaceVariables: InterpolateFunction
): Described {
  const { model, map, range, options } = picture;
  const lane = map.laneOf(row - 1, column);
  const summaryOf = summaryName(picture, row);
  if (lane === undefined) {
    const time = formatTime(bucketEnd(model.grid, column), timeZone);
    const detail = { title: summaryOf ?? '', subtitle: time, lines: [], remarks: [texts.empty] };
    return { detail, links: () => [] };
  }
  const cell = cellDetail(model, lane, column, range.to);
  const color = model.colors[lane.cells.colors[column] ?? 0];
  const to = bucketEnd(model.grid, column);
  const values = { zone: lane.zone, signal: lane.signal, from: to - model.grid.bucketMs, to };
  const exemplars = exemplarsIn(picture.exemplars, lane, values);
  const traces = exemplars.map(({ traceId }) => ({ name: texts.trace, value: traceId }));
  const detail = laneDetail(cell, theme, timeZone, cell.peak && color, summaryOf);
  return {
    detail: { ...detail, lines: [...detail.lines, ...traces] },
    links: () => [...linksOf(cell.peak?.field, cell.row), ...cellLinks(values, exemplars, options, replaceVariables)],
  };
}

/** The cell in one sentence, for screen readers. */
export function cellWords(
  picture: LanePicture,
  { row, column }: CursorPosition,
  theme: GrafanaTheme2,
  timeZone: string
): string {
  const { model, map, range } = picture;
  const lane = map.laneOf(row - 1, column);
  const peak = lane && cellDetail(model, lane, column, range.to).peak;
  const isHighest = lane !== undefined && peak !== undefined && lane.cells.ranks[column] === 100;
  const number = peak === undefined ? texts.empty : formatValue(peak.field, peak.value, theme);
  const value = isHighest ? `${number}, ${texts.highest}` : number;
  const time = formatTime(bucketEnd(model.grid, column), timeZone);
  const summaryOf = summaryName(picture, row);
  return summaryOf === undefined && lane !== undefined
    ? texts.laneCell(legible(lane.zone), legible(lane.name), time, value)
    : texts.summaryCell(legible(summaryOf ?? ''), time, value);
}

function summaryName({ map }: LanePicture, row: number): string | undefined {
  const found = map.rows[row - 1];
  if (found === undefined) {
    return texts.overall;
  }
  return found.kind === 'zone' ? found.group.zone : undefined;
}

/** The maximum number of annotations in one card. */
const MAX_ANNOTATIONS = 8;

/** The annotations at a position of the strip. */
export function describeStrip(found: readonly Annotation[], timeZone: string): Detail | undefined {
  if (found.length === 0) {
    return undefined;
  }
  const rest = found.length - MAX_ANNOTATIONS;
  return {
    title: formatTime(found[0]!.from, timeZone),
    subtitle: '',
    lines: found.slice(0, MAX_ANNOTATIONS).map(({ text, tags, color }) => ({
      name: text,
      value: tags.join(', '),
      ...(color === undefined ? {} : { color }),
    })),
    remarks: rest > 0 ? [texts.more(rest)] : [],
  };
}
