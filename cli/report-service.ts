import { randomUUID } from 'node:crypto'
import type { Client } from '@elastic/elasticsearch'
import { Argument, Command } from 'commander'
import { createCompliance, type LoadedCompliance } from '../compliance/app.ts'
import { reportSenders } from '../compliance/delivery/senders.ts'
import { ComplianceMetrics } from '../compliance/metrics.ts'
import { sha256 } from '../compliance/model/digest.ts'
import { parcelReader } from '../compliance/parcels.ts'
import { ReportRunner, type RunnerOptions } from '../compliance/runner.ts'
import { elasticsearchLease } from '../compliance/schedule/elasticsearch-lease.ts'
import { folderLease } from '../compliance/schedule/folder-lease.ts'
import { type AcquireLease, bothLeases, type Lease } from '../compliance/schedule/lease.ts'
import { systemClock } from '../core/clock.ts'
import { ClawtrustError } from '../core/errors.ts'
import { withSupported } from '../service/elasticsearch/compatibility.ts'
import { readConnection } from '../service/elasticsearch/read-connection.ts'
import { createLogger, type Logger } from '../service/log/logger.ts'
import { counted } from '../service/page/words.ts'
import { createSeriesStore } from '../service/series/store.ts'
import type { PlacedConfig } from './config-file.ts'
import { warnOfConfig } from './config-warnings.ts'
import type { CliContext } from './context.ts'
import { addServiceOptions } from './options.ts'
import { productionOf, type ReportOptions, reportConfig } from './report-config.ts'
import { lineOf } from './report-make.ts'
import { runService } from './run-service.ts'

export function serveCommand(context: CliContext): Command {
  const command = new Command('serve').description(
    'Makes the report of each period when it has ended, also of those that were missed, and delivers it.',
  )
  return addServiceOptions(command).action(async (_, self: Command) => {
    const options: ReportOptions = self.optsWithGlobals()
    const placed = await reportConfig(context.folder, options)
    const logger = createLogger({ ...placed.config.log, destination: context.stderr })
    warnOfConfig(placed, logger)
    const service = createCompliance(loadedOf(placed, context, logger), {
      version: context.version,
      logger,
      allowUnauthenticated: options['web.allowUnauthenticated'] ?? false,
      loadConfig: async () => loadedOf(await reportConfig(context.folder, options), context, logger),
    })
    await runService(service, context.process, logger, url => context.stdout.write(`Open ${url}\n`))
  })
}

/** `report --once`: for timers. */
export async function runScheduled(context: CliContext, options: ReportOptions): Promise<void> {
  const placed = await reportConfig(context.folder, options)
  const logger = createLogger({ ...placed.config.log, destination: context.stderr })
  const runner = new ReportRunner(await runnerOptions(placed, context, logger, inMemory()))
  const stop = () => runner.stop()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) context.process.on(signal, stop)
  const { made, isElsewhere, failure, waiting, dead } = await runner.run().finally(() => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) context.process.off(signal, stop)
  })
  for (const one of made) context.stdout.write(`${lineOf(one, context.folder)}\n`)
  if (failure !== undefined) throw failure
  if (isElsewhere) context.stdout.write('Another process has the lease and makes the reports.\n')
  else if (made.length === 0) context.stdout.write('No report is due.\n')
  if (waiting > 0) context.stdout.write(`${counted(waiting, 'delivery', 'deliveries')} waiting for the next run.\n`)
  if (dead > 0)
    context.stdout.write(`${counted(dead, 'delivery', 'deliveries')} failed; see clawtrust report redeliver.\n`)
}

export function redeliverCommand(context: CliContext): Command {
  const command = new Command('redeliver')
    .description('Queues dead letters again and makes an attempt at once; what fails is tried again by the next run.')
    .addArgument(new Argument('[delivery]', 'the id of a dead letter (default: all of them)').default('all'))
  return addServiceOptions(command).action(async (delivery: string, _, self: Command) => {
    const placed = await reportConfig(context.folder, self.optsWithGlobals<ReportOptions>())
    const logger = createLogger({ ...placed.config.log, destination: context.stderr })
    const runner = new ReportRunner(await runnerOptions(placed, context, logger, inMemory()))
    const queued = await runner.redeliver(delivery)
    if (queued === undefined)
      throw new ClawtrustError('REPORTS_ELSEWHERE', 'Another process has the lease; try again when it has ended.')
    context.stdout.write(`${counted(queued, 'delivery', 'deliveries')} queued again.\n`)
  })
}

const inMemory = (): ComplianceMetrics => new ComplianceMetrics(createSeriesStore())

const loadedOf = (placed: PlacedConfig, context: CliContext, logger: Logger): LoadedCompliance => ({
  config: placed.config,
  prepare: metrics => runnerOptions(placed, context, logger, metrics),
})

async function runnerOptions(
  placed: PlacedConfig,
  context: CliContext,
  logger: Logger,
  metrics: ComplianceMetrics,
): Promise<RunnerOptions> {
  const production = await productionOf(placed, context, logger)
  const { compliance } = placed.config
  const read = parcelReader(compliance, { printing: production.printing, logger })
  return {
    production,
    acquire: await leaseOf(placed, logger),
    senders: await reportSenders(compliance.destinations, { read, environment: process.env, fetch }),
    metrics,
    random: Math.random,
    clock: systemClock,
    logger,
  }
}

async function leaseOf({ config: { compliance } }: PlacedConfig, logger: Logger): Promise<AcquireLease> {
  const { schedule, elasticsearch, output_dir: outputDir } = compliance
  const ofFolder = folderLease(outputDir)
  if (schedule.lease === 'folder' || elasticsearch === undefined) return ofFolder
  const connection = await readConnection(elasticsearch, process.env, 'compliance.elasticsearch.')
  const holder = randomUUID()
  const id = `reports-${compliance.period}-${sha256(`${compliance.organisation ?? ''}\n${compliance.title}`).slice(0, 12)}`
  const use = async (client: Client): Promise<Lease | undefined> => {
    const options = { client, index: schedule.lease_index, id, holder, clock: systemClock, logger }
    const lease = await elasticsearchLease(options)()
    if (lease === undefined) await client.close()
    return lease && { ...lease, release: reported => lease.release(reported).finally(() => client.close()) }
  }
  // The lease itself shows which version the server supports: its index is made by the first one.
  const ofCluster = () => withSupported(connection, elasticsearch.compatibility, use)
  return bothLeases(ofFolder, ofCluster)
}
