import { fileURLToPath } from 'node:url'
import { type EpochMs, HOUR_MS } from '../../../core/clock.ts'
import { startReportDemonstration } from '../../compliance/demonstration.ts'
import { startDemonstration } from '../../remediation/demonstration.ts'
import { startExporter } from '../servers/exporter.ts'
import { type Prometheus, startPrometheus } from '../servers/prometheus.ts'
import { attackDayOf, demoConfigFile, writeDemoPast } from './demo-past.ts'

/**
 * An exporter on the demo, remediation over a lived-through ledger and reports of the demo's company, watched by a Prometheus with the alert rules that
 * has the exporter's past since an attack day.
 */
export interface WatchedDemo {
  readonly prometheus: Prometheus
  /** Start of the attack day; the attack is over twelve hours later. */
  readonly attack: EpochMs
  stop(): Promise<void>
}

/**
 * The parts of the past that are looked at, which Prometheus has: the attack and the hour after it, and the time before the
 * end. What is between them would take the longer to write, the later in the day it is.
 */
const [ATTACK_PART_MS, LAST_PART_MS] = [13 * HOUR_MS, HOUR_MS]
/** Milliseconds between two attacks that remediation is told of. */
const ATTACK_MS = 5_000

const ruleFile = fileURLToPath(new URL('../../../alert-rules/prometheus/clawtrust.rules.yml', import.meta.url))

export interface WatchedDemoOptions {
  /** Names under which the one exporter is scraped: two are two replicas that report the same. Default: `clawtrust`. */
  readonly jobs?: readonly string[]
  /** Start of the attack day of the past. Default: that of the running exporter, yesterday. */
  readonly attack?: EpochMs
  /** End of the past that Prometheus has of the exporter. Default: now. */
  readonly until?: EpochMs
}

export async function startWatchedDemo({
  jobs = ['clawtrust'],
  attack = attackDayOf(Date.now()),
  until = Date.now(),
}: WatchedDemoOptions = {}): Promise<WatchedDemo> {
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
    const reports = await startReportDemonstration()
    begun.push(reports.stop)
    const instances = jobs.map(job => ({ job, instance: address }))
    const isScraped = (time: EpochMs) => time < attack + ATTACK_PART_MS || time >= until - LAST_PART_MS
    const fill = (folder: string) => writeDemoPast(folder, instances, { start: attack, until, isScraped })
    const prometheus = await startPrometheus(
      [
        ...jobs.map(job => ({ job, address })),
        { job: 'clawtrust-remediation', address: new URL(remediation.url).host },
        { job: 'clawtrust-report', address: new URL(reports.url).host },
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
