import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS } from '../../../core/clock.ts'
import { run } from '../servers/run.ts'
import { startSteppedEngine } from './stepped-engine.ts'

/** Days before today on which the demo's attack happens, in the live exporter too. */
const ATTACK_DAYS_AGO = 2
/** Blocks of Prometheus begin at multiples of it; promtool reads its input once for each. */
const BLOCK_MS = 2 * HOUR_MS

/** The start of the attack day of a demo that starts at this time. */
export const attackDayOf = (now: EpochMs): EpochMs => (Math.floor(now / DAY_MS) - ATTACK_DAYS_AGO) * DAY_MS

/** Labels that Prometheus gives to what it scrapes. */
export interface Target {
  readonly job: string
  readonly instance: string
}

/**
 * Writes into a data folder of Prometheus what it would have scraped, each minute, from an exporter on the demo that ran
 * since the start of the attack day: the exporter's own engine, its clock moved on by hand.
 */
export async function writeDemoPast(dataFolder: string, target: Target, until: EpochMs): Promise<void> {
  const start = attackDayOf(until)
  const engine = await startSteppedEngine(start, 0)
  const folder = join(dataFolder, '..', 'past')
  await mkdir(folder, { recursive: true })
  try {
    for (let block = start; block < until; block += BLOCK_MS) {
      let text = ''
      for (let time = block; time < Math.min(block + BLOCK_MS, until); time += MINUTE_MS) {
        await engine.advanceTo(time)
        for (const line of await engine.scrape()) text += `${labelled(line, target)} ${time / 1000}\n`
        text += `clawtrust_build_info{${labelsOf(target)}} 1 ${time / 1000}\n`
      }
      const file = join(folder, `${block}.om`)
      await writeFile(file, `${text}# EOF\n`)
      run('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', file, dataFolder], {})
    }
  } finally {
    await engine.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

const labelsOf = ({ job, instance }: Target) => `job="${job}",instance="${instance}"`

/** A line of the text format with the labels of its target. */
function labelled(line: string, target: Target): string {
  const end = line.search(/[{ ]/)
  const rest = line[end] === '{' ? `,${line.slice(end + 1)}` : `}${line.slice(end)}`
  return `${line.slice(0, end)}{${labelsOf(target)}${rest}`
}
