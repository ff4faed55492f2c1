import type { GrafanaTheme2, LinkModel } from '@grafana/data';
import type { CellDetail, Reading } from '../model/cell-detail';
import { texts } from '../core/texts';
import { bandOf } from './band';
import type { Detail } from './detail';
import { formatTime, formatValue } from './format';

/**
 * The content of the tooltip of a lane's cell. `summaryOf` names the zone or the overall lane whose worst lane this is.
 */
export function laneDetail(
  cell: CellDetail,
  theme: GrafanaTheme2,
  timeZone: string,
  color: string | undefined,
  summaryOf: string | undefined
): Detail {
  const say = (reading: Reading | undefined) => formatValue(reading?.field, reading?.value, theme);
  const { observed, expected, lower, upper } = cell.band;
  const explained = expected !== undefined || observed !== undefined;
  return {
    title: summaryOf ?? `${cell.zone} · ${cell.name}`,
    subtitle: formatTime(cell.time, timeZone),
    lines: [
      { name: explained ? texts.score : texts.value, value: say(cell.peak), ...(color === undefined ? {} : { color }) },
      ...(observed === undefined ? [] : [{ name: texts.observed, value: say(observed) }]),
      ...(expected === undefined
        ? []
        : [
            {
              name: texts.expected,
              value: texts.band(say(expected), say(lower), say(upper)),
              band: bandOf(observed?.value, lower?.value, upper?.value),
            },
            ...cell.parts.map(({ name, reading }) => ({ name: `· ${texts.part(name)}`, value: say(reading) })),
          ]),
      ...(cell.views.length === 0 ? [] : [{ name: texts.views, value: '' }]),
      ...cell.views.map(({ name, reading }) => ({ name: `· ${name}`, value: say(reading) })),
    ],
    remarks: [
      ...(summaryOf === undefined ? [] : [texts.worstOf(cell.zone, cell.name)]),
      ...(cell.merged > 1 ? [texts.merged(cell.merged)] : []),
    ],
  };
}

/** The data links of a cell, for the sample that it shows; created on demand. */
export function linksOf(field: Reading['field'] | undefined, row: number): LinkModel[] {
  if (field === undefined || row < 0 || !field.config.links?.length) {
    return [];
  }
  return field.getLinks?.({ valueRowIndex: row }) ?? [];
}
