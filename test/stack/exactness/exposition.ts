import { seriesName } from './series-name.ts'
import type { Exposed } from './verdict.ts'

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g

interface Sample {
  readonly metric: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** What one exporter exposes, seen again and again through its restarts: counters must never fall. */
export class Exposition {
  readonly falls: string[] = []
  readonly #samples = new Map<string, Sample>()

  /** @param text in Prometheus's text format */
  look(text: string): void {
    for (const line of text.split('\n')) {
      const [, metric, labels = '', written] = SAMPLE.exec(line) ?? []
      if (metric === undefined || !metric.startsWith('clawtrust_')) continue
      const key = `${metric}{${labels}}`
      const value = Number(written)
      const before = this.#samples.get(key)
      if (before !== undefined && metric.endsWith('_total') && value < before.value) {
        this.falls.push(`${key} fell from ${before.value} to ${value}`)
      }
      this.#samples.set(key, { metric, labels: before?.labels ?? labelsOf(labels), value })
    }
  }

  /** The sum of all series of these metrics; 0 where there is none. */
  sum(...metrics: readonly string[]): number {
    let sum = 0
    for (const { metric, value } of this.#samples.values()) if (metrics.includes(metric)) sum += value
    return sum
  }

  /** The series of these metrics that are not 0, without the label `source`; those of exceptions also where they are. */
  series(metrics: readonly string[]): Exposed {
    const series = new Map<string, number>()
    for (const { metric, labels, value } of this.#samples.values()) {
      if (!metrics.includes(metric)) continue
      const { source, ...own } = labels
      const name = seriesName(metric, own)
      if (value !== 0 || source !== undefined) series.set(name, (series.get(name) ?? 0) + value)
    }
    return series
  }
}

function labelsOf(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries([...text.matchAll(LABEL)].map(([, name = '', value = '']) => [name, value]))
}
