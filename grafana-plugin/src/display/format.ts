import {
  dateTimeFormat,
  type Field,
  formattedValueToString,
  getDisplayProcessor,
  type GrafanaTheme2,
} from '@grafana/data';
import { texts } from '../core/texts';

/** A number in the field's unit, decimals and mappings. */
export function formatValue(field: Field | undefined, value: number | undefined, theme: GrafanaTheme2): string {
  if (field === undefined || value === undefined || Number.isNaN(value)) {
    return field?.config.noValue || texts.noEmptyText;
  }
  return formattedValueToString((field.display ?? getDisplayProcessor({ field, theme }))(value));
}

export const formatTime = (time: number, timeZone: string): string => dateTimeFormat(time, { timeZone });

/** Characters that change the direction of text, and other invisible characters. */
const UNSEEN =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** Hostile names are shown as text, in the order in which they are written, and truncated. */
export const legible = (name: string, length = 120): string =>
  (name.length > length ? `${name.slice(0, length)}…` : name).replace(UNSEEN, '\ufffd');
