import { createCompliance } from '../../compliance/app.ts'
import { demoExceptions, demoExpected } from '../../compliance/demo/stores.ts'
import { DEMO_ORGANISATION, DEMO_TIME_ZONE } from '../../compliance/demo/story.ts'
import type { ComplianceMetrics } from '../../compliance/metrics.ts'
import { folderLease } from '../../compliance/schedule/folder-lease.ts'
import { createLogger } from '../../service/log/logger.ts'
import { busy, delivered, demoProduction, HandClock, Receiver, removeFolders, reportFolder } from './made-reports.ts'

export interface ReportDemonstration {
  readonly url: string
  stop(): Promise<void>
}

/** The morning after the last month of the demo. */
const MORNING = '2026-11-01T06:00:30Z'

/**
 * The real service of reports over the stores of the demo, for dashboards and looking around: a report is made of the last
 * month, one of its destinations takes it, and one is busy. Nothing of this machine is read.
 *
 * `node test/compliance/demonstration.ts` serves it on loopback until it is interrupted.
 */
export async function startReportDemonstration(): Promise<ReportDemonstration> {
  const [folder, clock] = [reportFolder(), new HandClock(MORNING)]
  const [people, share] = [new Receiver(), new Receiver()]
  const first = Promise.withResolvers<void>()
  people.answer = () => {
    first.resolve()
    return delivered
  }
  share.answer = () => busy
  const logger = createLogger({ level: 'error' })
  const names = ['people', 'share']
  const production = await demoProduction(
    {
      output_dir: folder,
      organisation: DEMO_ORGANISATION,
      time_zone: DEMO_TIME_ZONE,
      frameworks: ['nist-sp-800-207', 'nist-sp-800-53', 'cisa-ztmm-2'],
      formats: ['html', 'json'],
      exceptions: [...demoExceptions],
      destinations: names.map(name => ({ type: 'folder', name, path: folder })),
    },
    clock,
    logger,
  )
  const config = { ...production.config, listen_address: { host: '127.0.0.1', port: 0 } }
  const load = async () => ({
    config: { compliance: config },
    prepare: async (metrics: ComplianceMetrics) => ({
      production: { ...production, config, synthetic: true, expected: demoExpected(clock.now()) },
      acquire: folderLease(folder),
      senders: new Map([
        ['people', people],
        ['share', share],
      ]),
      metrics,
      random: () => 0.5,
      clock,
      logger,
    }),
  })
  const service = createCompliance(await load(), {
    version: '0.0.0',
    logger,
    allowUnauthenticated: false,
    loadConfig: load,
    clock,
    environment: {},
  })
  const { url } = await service.start()
  await first.promise
  return {
    url,
    async stop() {
      await service.stop()
      removeFolders()
    },
  }
}

if (import.meta.main) {
  const { url } = await startReportDemonstration()
  process.stdout.write(`Open ${url}\n`)
}
