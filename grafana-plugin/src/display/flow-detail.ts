import type { Field, GrafanaTheme2 } from '@grafana/data';
import type { Flow } from '../model/flows';
import { texts } from '../core/texts';
import type { Detail } from './detail';
import { formatValue, legible } from './format';

/** The names of the cell's zones; undefined in the rows and columns of the totals. */
export interface FlowEnds {
  readonly source: string | undefined;
  readonly destination: string | undefined;
}

const named = (zone: string | undefined) => legible(zone ?? texts.total);

/** A count in the unit of its query's field; totals use the field of any pair. */
export const formatCount = (count: number, field: Field | undefined, theme: GrafanaTheme2): string =>
  field === undefined ? String(count) : formatValue(field, count, theme);

export function flowDetail(
  { source, destination }: FlowEnds,
  flow: Flow | undefined,
  rateField: Field,
  color: string | undefined,
  theme: GrafanaTheme2,
  countField: Field | undefined
): Detail {
  const count = (value: number) => formatCount(value, countField, theme);
  const title = `${named(source)} → ${named(destination)}`;
  if (flow === undefined) {
    return { title, subtitle: '', lines: [], remarks: [texts.empty] };
  }
  return {
    title,
    subtitle: '',
    lines: [
      { name: texts.allowed, value: count(flow.allow) },
      { name: texts.denied, value: count(flow.deny) },
      {
        name: texts.denyRate,
        value: formatValue(rateField, flow.denyRate, theme),
        ...(color === undefined ? {} : { color }),
      },
      ...[...flow.other].map(([name, value]) => ({ name, value: count(value) })),
    ],
    remarks: flow.isNew ? [texts.neverSeen] : [],
  };
}

export function flowWords(
  { source, destination }: FlowEnds,
  flow: Flow | undefined,
  field: Field | undefined,
  theme: GrafanaTheme2
) {
  const count = (value: number) => formatCount(value, field, theme);
  return flow === undefined
    ? texts.emptyFlow(named(source), named(destination))
    : texts.flowCell(named(source), named(destination), count(flow.allow), count(flow.deny));
}
