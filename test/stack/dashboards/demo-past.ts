import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readConfigFile } from '../../../cli/config-file.ts'
import type { Config } from '../../../cli/config-schema.ts'
import { DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS } from '../../../core/clock.ts'
import { run } from '../servers/run.ts'
import { startSteppedEngine } from './stepped-engine.ts'

/** The configuration of the demo, for the exporter that is running and for its past. */
export const demoConfigFile = fileURLToPath(new URL('./demo.yml', import.meta.url))

/** As in the configuration. */
const ATTACK_DAYS_AGO = 1
/** Blocks of Prometheus begin at multiples of it; promtool reads its input once for each. */
const BLOCK_MS = 2 * HOUR_MS

/** The start of the attack day of a demo that starts at this time. */
export const attackDayOf = (now: EpochMs): EpochMs => (Math.floor(now / DAY_MS) - ATTACK_DAYS_AGO) * DAY_MS

/** Labels that Prometheus gives to what it scrapes. */
export interface Target {
  readonly job: string
  readonly instance: string
}

export interface Past {
  /** Start of the attack day. */
  readonly start: EpochMs
  readonly until: EpochMs
  /** Whether the scrape of this time is there. Default: all are. */
  readonly isScraped?: (time: EpochMs) => boolean
}

/**
 * Writes into a data folder of Prometheus what it would have scraped, each minute, from an exporter on the demo that ran
 * since the start of the attack day: the exporter's own engine, its clock moved on by hand.
 *
 * @param targets under whose labels the same exporter was scraped
 */
export async function writeDemoPast(
  dataFolder: string,
  targets: readonly Target[],
  { start, until, isScraped = () => true }: Past,
): Promise<void> {
  const engine = await startSteppedEngine(withAttackAtStart(await readConfigFile(demoConfigFile, '.')), start)
  const folder = join(dataFolder, '..', 'past')
  await mkdir(folder, { recursive: true })
  try {
    for (let block = start; block < until; block += BLOCK_MS) {
      let text = ''
      for (let time = block; time < Math.min(block + BLOCK_MS, until); time += MINUTE_MS) {
        await engine.advanceTo(time)
        if (!isScraped(time)) continue
        const lines = ['clawtrust_build_info 1', ...(await engine.scrape())]
        for (const target of targets) for (const line of lines) text += `${labelled(line, target)} ${time / 1000}\n`
      }
      if (text === '') continue
      const file = join(folder, `${block}.om`)
      await writeFile(file, `${text}# EOF\n`)
      run('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', file, dataFolder], {})
    }
  } finally {
    await engine.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

function withAttackAtStart(config: Config): Config {
  const sources = config.exporter.sources.map(source =>
    source.type === 'recording' && source.recording === 'demo' ? { ...source, attack_days_ago: 0 } : source,
  )
  return { ...config, exporter: { ...config.exporter, sources } }
}

/** A line of the text format with the labels of its target. */
function labelled(line: string, { job, instance }: Target): string {
  const end = line.search(/[{ ]/)
  const rest = line[end] === '{' ? `,${line.slice(end + 1)}` : `}${line.slice(end)}`
  return `${line.slice(0, end)}{job="${job}",instance="${instance}"${rest}`
}
