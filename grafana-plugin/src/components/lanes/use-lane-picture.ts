import { dateTimeForTimeZone, dateTimeFormat, type Field, type PanelData } from '@grafana/data';
import { useTheme2 } from '@grafana/ui';
import { useCallback, useMemo } from 'react';
import { paletteOf } from '../../display/palette';
import { marksOf, readAnnotations } from '../../model/annotations';
import { isExemplarFrame, readExemplars } from '../../model/exemplars';
import { groupLanes } from '../../model/groups';
import { laneColumns, laneLayout } from '../../model/lane-layout';
import { laneMap } from '../../model/lane-map';
import { buildLanes } from '../../model/lanes';
import type { Series } from '../../model/series';
import { timeScale } from '../../model/time-scale';
import { timeTicks } from '../../model/time-ticks';
import type { TimeSpan } from '../../model/time-grid';
import type { TrustMapOptions } from '../../core/options';

export interface LanePictureQuestion {
  readonly series: readonly Series[];
  readonly annotations: PanelData['annotations'];
  readonly options: TrustMapOptions;
  readonly range: TimeSpan;
  readonly timeZone: string;
  readonly width: number;
  readonly height: number;
  readonly filter: string;
  readonly collapsed: ReadonlySet<string>;
}

export type LanePicture = ReturnType<typeof useLanePicture>;

/** All parts of the lanes picture, each memoised by its inputs. */
export function useLanePicture(question: LanePictureQuestion) {
  const { series, options, timeZone, width, height, filter, collapsed } = question;
  const { from, to } = question.range;
  const theme = useTheme2();
  const palette = useCallback((field: Field) => paletteOf(field, theme), [theme]);
  const { zone, signal } = options.labels;

  const columns = useMemo(() => {
    const longest = (most: number, { labels, field }: Series) =>
      Math.max(most, (labels[zone]?.length ?? 0) + BADGE, (field.config.displayName || labels[signal])?.length ?? 0);
    return laneColumns(width, series.reduce(longest, 0));
  }, [series, zone, signal, width]);

  const range = useMemo(() => ({ from, to }), [from, to]);
  const maxBuckets = Math.floor((columns.plotRight - columns.plotLeft) / options.cellWidth);
  const model = useMemo(
    () => buildLanes({ series, labels: { zone, signal }, range, maxBuckets, paletteOf: palette }),
    [series, zone, signal, range, maxBuckets, palette]
  );
  const groups = useMemo(
    () => groupLanes(model.lanes, model.grid.count, options.sort, filter),
    [model, options.sort, filter]
  );
  const map = useMemo(() => laneMap(groups, model.grid.count, collapsed), [groups, model, collapsed]);
  const layout = useMemo(
    () => laneLayout(columns, width, height, map.rows.length, options.rowHeight),
    [columns, width, height, map, options.rowHeight]
  );
  const scale = useMemo(() => timeScale(range, layout.plotLeft, layout.plotRight), [range, layout]);
  const annotations = useMemo(
    () => readAnnotations(question.annotations?.filter(frame => !isExemplarFrame(frame))),
    [question.annotations]
  );
  const exemplars = useMemo(
    () => readExemplars(question.annotations, { zone, signal }),
    [question.annotations, zone, signal]
  );
  const marks = useMemo(() => {
    const apart = scale.timeAt(MARK_WIDTH) - scale.timeAt(0);
    return marksOf(annotations, apart);
  }, [annotations, scale]);
  const ticks = useMemo(() => {
    // No offset is known for times that no date can hold.
    const offsetAt = (time: number) => dateTimeForTimeZone(timeZone, time).utcOffset() || 0;
    const { times, format } = timeTicks(range, layout.plotRight - layout.plotLeft, MIN_TICK_GAP, offsetAt);
    return times.map(time => ({ time, label: dateTimeFormat(time, { timeZone, format }) }));
  }, [timeZone, range, layout]);

  return { model, map, layout, scale, annotations, exemplars, marks, ticks, palette, range, options };
}

const MIN_TICK_GAP = 90;
const MARK_WIDTH = 10;
/** The width, in characters, of the worst value beside a zone's name. */
const BADGE = 6;
