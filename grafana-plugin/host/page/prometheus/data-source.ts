/**
 * A Prometheus data source of the host's own: it asks the HTTP API under /prom and answers with frames in the shape that
 * Grafana's data source gives them.
 */
import * as data from '@grafana/data';
import { sceneGraph } from '@grafana/scenes';
import { from } from 'rxjs';
import { eventsOf } from './annotations';
import { type Query, seriesFrames, tableFrame } from './frames';

export const instance = { uid: 'prometheus', name: 'Prometheus', type: 'prometheus' };
/** Seconds between two samples of the past: the setting "Scrape interval" of the data source. */
const SCRAPE_SECONDS = 60;
const LABEL_VALUES = /^label_values\((?:(.+),\s*)?(\w+)\)$/s;

async function ask(path: string, parameters: Record<string, string>) {
  const body = await (await fetch(`/prom/api/v1/${path}?${new URLSearchParams(parameters)}`)).json();
  if (body.status !== 'success') throw new Error(body.error);
  return body.data;
}

/** Several values are alternatives of a regular expression. */
const asRegex = (value: unknown): string => {
  const escaped = [value].flat().map(one => String(one).replace(/[\\^$.*+?()[\]{}|]/g, '\\\\$&'));
  return escaped.length === 1 ? escaped[0] : `(${escaped.join('|')})`;
};

function interpolated(expr: string, scopedVars: any): string {
  const scene = scopedVars?.__sceneObject?.value.valueOf();
  return scene ? sceneGraph.interpolate(scene, expr, scopedVars, asRegex as any) : expr;
}

async function run(request: any, query: Query, several: boolean) {
  const range = { from: request.range.from.valueOf() / 1000, to: request.range.to.valueOf() / 1000 };
  const step = Math.max(SCRAPE_SECONDS, Math.round(request.intervalMs / 1000));
  const seconds = (value: number) => ({ text: `${value}s`, value: `${value}s` });
  const expr = interpolated(query.expr, {
    ...request.scopedVars,
    __interval: seconds(step),
    __rate_interval: seconds(Math.max(step + SCRAPE_SECONDS, 4 * SCRAPE_SECONDS)),
    __range: seconds(Math.round(range.to - range.from)),
  });
  if (query.instant) {
    const { result } = await ask('query', { query: expr, time: String(range.to) });
    if (query.format === 'table') return result.length === 0 ? [] : [tableFrame(result, query, several)];
    return seriesFrames(result, { ...query, expr }, step * 1000);
  }
  const aligned = (time: number) => String(Math.floor(time / step) * step);
  const parameters = { query: expr, start: aligned(range.from), end: aligned(range.to), step: String(step) };
  const { result } = await ask('query_range', parameters);
  return seriesFrames(result, { ...query, expr }, step * 1000);
}

class Prometheus extends data.DataSourceApi<any> {
  annotations = {
    prepareAnnotation: (annotation: any) => annotation,
    prepareQuery: (annotation: any) => ({ refId: 'Anno', expr: annotation.expr }),
    processEvents: (annotation: any, frames: any[]) => from([frames.flatMap(frame => eventsOf(annotation, frame))]),
  };

  constructor() {
    super({ ...instance, id: 1, url: '/prom', jsonData: {}, meta: { id: 'prometheus', name: 'Prometheus' } } as any);
    this.interval = `${SCRAPE_SECONDS}s`;
  }

  async query(request: any) {
    const shown = request.targets.filter((target: Query) => !target.hide);
    const frames = await Promise.all(shown.map((target: Query) => run(request, target, shown.length > 1)));
    return { data: frames.flat().map(frame => data.toDataFrame(frame)) };
  }

  /** `label_values(label)` and `label_values(selector, label)`. */
  async metricFindQuery(query: any, options: any) {
    const text = interpolated(typeof query === 'string' ? query : query.query, options?.scopedVars);
    const [, selector, label] = LABEL_VALUES.exec(text) ?? [];
    if (!label) throw new Error(`The host knows label_values only, not ${text}.`);
    const { from, to } = options.range;
    const time = { start: String(from.valueOf() / 1000), end: String(to.valueOf() / 1000) };
    const values: string[] = await ask(`label/${label}/values`, selector ? { 'match[]': selector, ...time } : time);
    return values.map(value => ({ text: value }));
  }

  async testDatasource() {
    return { status: 'success', message: '' };
  }
}

export const prometheus = new Prometheus();

/** Grafana's runRequest: the answer, or the error in the state that panels show. */
export const runRequest = (source: any, request: any) =>
  from(
    source.query(request).then(
      ({ data: series }: any) => ({ state: data.LoadingState.Done, series, request, timeRange: request.range }),
      (error: Error) => ({
        state: data.LoadingState.Error,
        series: [],
        request,
        timeRange: request.range,
        error: { message: error.message },
        errors: [{ message: error.message }],
      })
    ) as Promise<data.PanelData>
  );
