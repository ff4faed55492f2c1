import type { MetricSeries } from './stores.ts'

type Labels = Readonly<Record<string, string>>

/** One text for each set of labels, whatever their order; it also sorts series. */
export const labelsKey = (labels: Labels): string =>
  JSON.stringify(Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1)))

/** Series of consecutive windows, joined by their labels. */
export function mergeSeries(parts: readonly (readonly MetricSeries[])[]): readonly MetricSeries[] {
  if (parts.length === 1) return parts[0] as readonly MetricSeries[]
  const merged = new Map<string, { labels: Labels; samples: (readonly [number, number])[] }>()
  for (const { labels, samples } of parts.flat()) {
    const key = labelsKey(labels)
    const known = merged.get(key)
    if (known === undefined) merged.set(key, { labels, samples: [...samples] })
    else for (const sample of samples) known.samples.push(sample)
  }
  return [...merged.values()]
}

/** The labels of these names, those that a series lacks left out. */
export const picked = (labels: Labels, names: readonly string[]): Labels =>
  Object.fromEntries(names.flatMap(name => (labels[name] === undefined ? [] : [[name, labels[name]]])))

/** Values without the noise of binary fractions, so that equal facts are equal texts. */
export const rounded = (value: number): number => Math.round(value * 1e6) / 1e6
