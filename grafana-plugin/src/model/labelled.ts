import type { Series } from './series';

export interface Labelled {
  readonly labelled: readonly Series[];
  /** How many series were left out, by the first label that they lack. */
  readonly lacking: ReadonlyMap<string, number>;
}

/** The series that have all of the labels, and how many lack which. */
export function sortByLabels(series: readonly Series[], names: readonly string[]): Labelled {
  const labelled: Series[] = [];
  const lacking = new Map<string, number>();
  for (const one of series) {
    const missing = names.find(name => one.labels[name] === undefined);
    if (missing === undefined) {
      labelled.push(one);
    } else {
      lacking.set(missing, (lacking.get(missing) ?? 0) + 1);
    }
  }
  return { labelled, lacking };
}
