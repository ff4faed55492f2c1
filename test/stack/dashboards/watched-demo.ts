import { fileURLToPath } from 'node:url'
import type { EpochMs } from '../../../core/clock.ts'
import { startExporter } from '../servers/exporter.ts'
import { type Prometheus, startPrometheus } from '../servers/prometheus.ts'
import { attackDayOf, demoConfigFile, writeDemoPast } from './demo-past.ts'

/** An exporter on the demo, watched by a Prometheus with the alert rules that has its past since the attack day. */
export interface WatchedDemo {
  readonly prometheus: Prometheus
  /** Start of the attack day; the attack is over twelve hours later. */
  readonly attack: EpochMs
  stop(): Promise<void>
}

const ruleFile = fileURLToPath(new URL('../../../alert-rules/prometheus/clawtrust.rules.yml', import.meta.url))

/** @param jobs names under which the one exporter is scraped: two are two replicas that tell the same */
export async function startWatchedDemo(jobs: readonly string[] = ['clawtrust']): Promise<WatchedDemo> {
  const now = Date.now()
  const exporter = await startExporter(['--config.file', demoConfigFile])
  const { address } = exporter
  const targets = jobs.map(job => ({ job, instance: address }))
  try {
    const prometheus = await startPrometheus(
      jobs.map(job => ({ job, address })),
      { ruleFile },
      folder => writeDemoPast(folder, targets, now),
    )
    const stop = async () => {
      await prometheus.stop()
      await exporter.stop()
    }
    return { prometheus, attack: attackDayOf(now), stop }
  } catch (error) {
    await exporter.stop()
    throw error
  }
}
