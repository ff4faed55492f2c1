/** One name for a series, however its labels are ordered. */
export function seriesName(metric: string, labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))
  return `${metric}{${pairs.map(([name, value]) => `${name}="${value}"`).join(',')}}`
}
