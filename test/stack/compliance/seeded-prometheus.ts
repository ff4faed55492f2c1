import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type EpochMs, MINUTE_MS } from '../../../core/clock.ts'
import { type Prometheus, startConfiguredPrometheus } from '../servers/prometheus.ts'
import { run } from '../servers/run.ts'

/** Times at which Prometheus scrapes. */
export const SCRAPE_MS = 2 * MINUTE_MS

export interface SeededSeries {
  readonly metric: string
  readonly labels: Readonly<Record<string, string>>
  /** Its value at a scrape; undefined where it is not exposed. */
  readonly at: (time: EpochMs) => number | undefined
}

/** A server that holds what it would have scraped in [from, to]: a time of the past. */
export function startSeededPrometheus(
  series: readonly SeededSeries[],
  { from, to }: { readonly from: EpochMs; readonly to: EpochMs },
): Promise<Prometheus> {
  return startConfiguredPrometheus(
    {},
    {
      async fill(dataFolder) {
        await mkdir(dataFolder, { recursive: true })
        const file = join(dataFolder, '..', 'seeded.om')
        await writeFile(file, exposition(series, from, to))
        // By default a block has two hours, and all of the file is read for each of them.
        const blocks = ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', '--max-block-duration=1000h']
        run('promtool', [...blocks, file, dataFolder], {})
      },
    },
  )
}

function exposition(series: readonly SeededSeries[], from: EpochMs, to: EpochMs): string {
  const lines: string[] = []
  for (const [metric, members] of Map.groupBy(series, ({ metric }) => metric)) {
    lines.push(`# TYPE ${metric} unknown`)
    for (const { labels, at } of members) {
      const shown = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`)
      for (let time = from; time <= to; time += SCRAPE_MS) {
        const value = at(time)
        if (value !== undefined) lines.push(`${metric}{${shown.join(',')}} ${value} ${time / 1_000}`)
      }
    }
  }
  return `${lines.join('\n')}\n# EOF\n`
}
