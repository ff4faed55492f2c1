import {
  dateTimeFormat,
  type Field,
  formattedValueToString,
  getDisplayProcessor,
  type GrafanaTheme2,
} from '@grafana/data';
import { texts } from '../texts';

/** A number as the field's unit, decimals and mappings say. */
export function formatValue(field: Field | undefined, value: number | undefined, theme: GrafanaTheme2): string {
  if (field === undefined || value === undefined || Number.isNaN(value)) {
    return field?.config.noValue || texts.noEmptyText;
  }
  return formattedValueToString((field.display ?? getDisplayProcessor({ field, theme }))(value));
}

export const formatTime = (time: number, timeZone: string): string => dateTimeFormat(time, { timeZone });

/** Hostile names stay text, but not a wall of it. */
export const shorten = (name: string, length = 120): string =>
  name.length > length ? `${name.slice(0, length)}…` : name;
