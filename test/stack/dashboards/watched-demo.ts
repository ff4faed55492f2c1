import { fileURLToPath } from 'node:url'
import { type EpochMs, HOUR_MS } from '../../../core/clock.ts'
import { startDemonstration } from '../../remediation/demonstration.ts'
import { startExporter } from '../servers/exporter.ts'
import { type Prometheus, startPrometheus } from '../servers/prometheus.ts'
import { attackDayOf, demoConfigFile, writeDemoPast } from './demo-past.ts'

/**
 * An exporter on the demo and remediation over a lived-through ledger, watched by a Prometheus with the alert rules that
 * has the exporter's past since the attack day.
 */
export interface WatchedDemo {
  readonly prometheus: Prometheus
  /** Start of the attack day; the attack is over twelve hours later. */
  readonly attack: EpochMs
  stop(): Promise<void>
}

/** Milliseconds between two attacks that remediation is told of. */
const ATTACK_MS = 5_000

const ruleFile = fileURLToPath(new URL('../../../alert-rules/prometheus/clawtrust.rules.yml', import.meta.url))

/**
 * @param jobs names under which the one exporter is scraped: two are two replicas that tell the same
 * @param hours of the past since the attack day that Prometheus has. Default: all, which are between 24 and 48, and take
 *   the longer to be written the later in the day it is
 */
export async function startWatchedDemo(
  jobs: readonly string[] = ['clawtrust'],
  hours = Number.POSITIVE_INFINITY,
): Promise<WatchedDemo> {
  const now = Date.now()
  const attack = attackDayOf(now)
  const begun: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const end of begun.toReversed()) await end()
  }
  try {
    const { address, stop: stopExporter } = await startExporter(['--config.file', demoConfigFile])
    begun.push(stopExporter)
    const remediation = await startDemonstration()
    const attacks = setInterval(remediation.attack, ATTACK_MS)
    begun.push(remediation.stop, async () => clearInterval(attacks))
    const instances = jobs.map(job => ({ job, instance: address }))
    const fill = (folder: string) => writeDemoPast(folder, instances, attack, Math.min(now, attack + hours * HOUR_MS))
    const prometheus = await startPrometheus(
      [
        ...jobs.map(job => ({ job, address })),
        { job: 'clawtrust-remediation', address: new URL(remediation.url).host },
      ],
      { ruleFile, alertmanagers: [] },
      { fill },
    )
    begun.push(prometheus.stop)
    return { prometheus, attack, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
