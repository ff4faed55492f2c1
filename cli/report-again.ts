import { expectedOf } from '../compliance/config.ts'
import { evidenceKind, evidenceSchema } from '../compliance/evidence/registry.ts'
import { periodNamed } from '../compliance/schedule/periods.ts'
import { Fault } from '../core/errors.ts'
import type { EvidenceStore } from '../core/labels/compliance.ts'
import type { CliContext } from './context.ts'
import { reportConfig } from './report-config.ts'
import { openReportStores } from './report-stores.ts'
import type { OpenedStores, VerifyCommandOptions } from './report-verify.ts'

const absences: Readonly<Record<EvidenceStore, string>> = {
  elasticsearch: 'compliance.elasticsearch is not configured here',
  prometheus: 'compliance.prometheus is not configured here',
  ledger: 'there is no ledger in the state folder; choose it by --state.dir',
  state: 'there is no state of an exporter in the state folder; choose it by --state.dir',
}

/** Asks the stores of the configuration for each piece of evidence again, as the report says that it asked. */
export async function readAgainOf(context: CliContext, options: VerifyCommandOptions): Promise<OpenedStores> {
  const { config } = await reportConfig(context.folder, options)
  const opened = await openReportStores(config, process.env)
  const { signal } = new AbortController()
  const expected = expectedOf(config.compliance)
  return {
    async readAgain({ request, store, result }, { period }) {
      const reason = opened.unopened[store]
      if (reason !== undefined) throw new Fault(reason)
      // Otherwise its evidence would seem to be deleted.
      if (result !== null && opened.stores[store] === undefined) throw new Fault(absences[store])
      const asked = evidenceSchema.safeParse(request)
      const window = periodNamed(period.name, period.timeZone)
      if (!asked.success || window === undefined)
        throw new Fault('this version of clawtrust does not know the request, or the period')
      return evidenceKind(asked.data).read(asked.data, { period: window, stores: opened.stores, signal, expected })
    },
    close: () => opened.close(),
  }
}
