import type { VisualizationSuggestion, VisualizationSuggestionsSupplier } from '@grafana/data';
import { sortByLabels } from './model/labelled';
import { readSeries } from './model/series';
import { defaultOptions, type TrustMapOptions } from './core/options';

type Suggestion = VisualizationSuggestion<TrustMapOptions>;

/** Suggests each picture whose labels the data has, under their default names. */
export const suggestTrustMap: VisualizationSuggestionsSupplier<TrustMapOptions> = summary => {
  const series = readSeries(summary.rawFrames ?? []);
  const { zone, signal, source, destination, decision } = defaultOptions.labels;
  const fits = (...names: string[]) => sortByLabels(series, names).labelled.length > 0;
  const lanes: Suggestion = { name: 'Trust map: lanes', options: { mode: 'lanes' } };
  const flows: Suggestion = { name: 'Trust map: flows', options: { mode: 'flows' } };
  return [...(fits(zone, signal) ? [lanes] : []), ...(fits(source, destination, decision) ? [flows] : [])];
};
