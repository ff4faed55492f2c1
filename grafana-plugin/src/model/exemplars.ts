import type { DataFrame, Field } from '@grafana/data';

/** One of the events that a counter counted, with its trace: a row of a frame of exemplars. */
export interface Exemplar {
  readonly time: number;
  readonly zone: string;
  readonly signal: string;
  readonly traceId: string;
  readonly spanId: string | undefined;
  /** The field of the trace id: the data source puts the links to its trace there. */
  readonly field: Field;
  readonly row: number;
}

/** The names of the label by OpenMetrics, and by older instrumentation. */
const traceNames = ['trace_id', 'traceID', 'traceId'];
const spanNames = ['span_id', 'spanID', 'spanId'];

/** The counter of a signal is named after it. */
const COUNTER = /^clawtrust_(.+)_total$/;

/** Prometheus's data source sends exemplars among the annotations. */
export const isExemplarFrame = ({ name, meta }: DataFrame): boolean =>
  name === 'exemplar' || meta?.custom?.resultType === 'exemplar';

/** The exemplars with a trace, the newest first; rows without a time, a zone or a signal are left out. */
export function readExemplars(
  frames: readonly DataFrame[] | undefined,
  labels: { readonly zone: string; readonly signal: string }
): Exemplar[] {
  return (frames ?? [])
    .filter(isExemplarFrame)
    .flatMap(frame => {
      const column = (...names: string[]) => frame.fields.find(({ name }) => names.includes(name));
      const [times, zones, signals, metrics] = ['Time', labels.zone, labels.signal, '__name__'].map(one => column(one));
      const field = column(...traceNames);
      const spans = column(...spanNames);
      return Array.from({ length: field === undefined ? 0 : frame.length }, (_, row) => row).flatMap(row => {
        const time: unknown = times?.values[row];
        const zone = textAt(zones, row);
        const signal = textAt(signals, row) ?? COUNTER.exec(textAt(metrics, row) ?? '')?.[1];
        const traceId = textAt(field, row);
        const isWhole = typeof time === 'number' && zone !== undefined && signal !== undefined;
        return isWhole && field !== undefined && traceId !== undefined
          ? [{ time, zone, signal, traceId, spanId: textAt(spans, row), field, row }]
          : [];
      });
    })
    .sort((a, b) => b.time - a.time);
}

function textAt(field: Field | undefined, row: number): string | undefined {
  const value: unknown = field?.values[row];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A card shows at most this many traces. */
const MAX_TRACES = 3;

/** The newest exemplars of a lane in a cell's time, of each trace one. */
export function exemplarsIn(
  exemplars: readonly Exemplar[],
  lane: { readonly zone: string; readonly signal: string },
  span: { readonly from: number; readonly to: number }
): Exemplar[] {
  const found = new Map<string, Exemplar>();
  for (const one of exemplars) {
    const isOfCell =
      one.zone === lane.zone && one.signal === lane.signal && one.time > span.from && one.time <= span.to;
    if (isOfCell && !found.has(one.traceId)) {
      found.set(one.traceId, one);
    }
    if (found.size === MAX_TRACES) {
      break;
    }
  }
  return [...found.values()];
}
