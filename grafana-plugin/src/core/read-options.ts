import { defaultOptions, type LabelNames, optionLimits, type TrustMapOptions } from './options';

/**
 * Reads options from a dashboard that was written by hand, by a generator or by another version. Missing or invalid
 * options become their default or the nearest bound, so that the panel can always draw.
 */
export function readOptions(raw: unknown): TrustMapOptions {
  const has = asRecord(raw);
  return {
    mode: oneOf(optionLimits.mode, has.mode, defaultOptions.mode),
    sort: oneOf(optionLimits.sort, has.sort, defaultOptions.sort),
    labels: readLabels(asRecord(has.labels)),
    rowHeight: within(optionLimits.rowHeight, has.rowHeight, defaultOptions.rowHeight),
    cellWidth: within(optionLimits.cellWidth, has.cellWidth, defaultOptions.cellWidth),
    startCollapsed: flag(has.startCollapsed, defaultOptions.startCollapsed),
    showFilter: flag(has.showFilter, defaultOptions.showFilter),
    showLegend: flag(has.showLegend, defaultOptions.showLegend),
    glyphs: oneOf(optionLimits.glyphs, has.glyphs, defaultOptions.glyphs),
    documentsLink: text(has.documentsLink, defaultOptions.documentsLink),
    traceLink: text(has.traceLink, defaultOptions.traceLink),
  };
}

function readLabels(has: Readonly<Record<string, unknown>>): LabelNames {
  const name = (key: keyof LabelNames) => {
    const value = has[key];
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : defaultOptions.labels[key];
  };
  return {
    zone: name('zone'),
    signal: name('signal'),
    source: name('source'),
    destination: name('destination'),
    decision: name('decision'),
  };
}

const asRecord = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

const oneOf = <T extends string>(allowed: readonly T[], value: unknown, otherwise: T): T =>
  allowed.find(one => one === value) ?? otherwise;

const text = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);

const flag = (value: unknown, otherwise: boolean): boolean => (typeof value === 'boolean' ? value : otherwise);

function within({ min, max }: { min: number; max: number }, value: unknown, otherwise: number): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? Math.min(max, Math.max(min, number)) : otherwise;
}
