import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { askedOnce } from '../compliance/evidence/asked-once.ts'
import { prometheusStore, readPrometheusConnection } from '../compliance/evidence/prometheus-store.ts'
import type { OpenedStores } from '../compliance/produce.ts'
import { addressOf } from '../core/config/elasticsearch.ts'
import { Fault } from '../core/errors.ts'
import type { EvidenceStore } from '../core/labels/compliance.ts'
import { type Environment, readConnection } from '../service/elasticsearch/read-connection.ts'
import { statePlaces } from '../service/state/places.ts'
import { findStateFolder, type StatePlace } from '../service/state/private-folder.ts'
import { openLedgerView } from '../service/views/ledger-file.ts'
import { openStateView } from '../service/views/state-file.ts'
import type { Config } from './config-schema.ts'

/**
 * Opens what a report is read from: the configured servers, and the databases of the services where they are. A database
 * that cannot be read is named; the report is made without it.
 *
 * @throws ClawtrustError SECRET_UNREADABLE
 */
export async function openReportStores(config: Config, environment: Environment): Promise<OpenedStores> {
  const { compliance, exporter, remediation } = config
  const unopened: Partial<Record<EvidenceStore, string>> = {}
  const open = <View>(store: EvidenceStore, path: string | undefined, view: (path: string) => View) => {
    try {
      return path === undefined ? undefined : view(path)
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      unopened[store] = error.message
      return undefined
    }
  }
  const elasticsearch = compliance.elasticsearch && (await openCluster(compliance.elasticsearch, environment))
  const prometheus =
    compliance.prometheus &&
    prometheusStore(await readPrometheusConnection(compliance.prometheus, environment, 'compliance.prometheus.'))
  const ledger = open('ledger', databaseOf(remediation.state_dir, statePlaces.remediation), openLedgerView)
  const state = open('state', databaseOf(exporter.state_dir, statePlaces.exporter), openStateView)
  return {
    stores: askedOnce({
      ...(elasticsearch && { elasticsearch }),
      ...(prometheus && { prometheus }),
      ...(ledger && { ledger }),
      ...(state && { state }),
    }),
    unopened,
    async close() {
      ledger?.close()
      state?.close()
      await elasticsearch?.close()
    },
  }
}

async function openCluster(settings: NonNullable<Config['compliance']['elasticsearch']>, environment: Environment) {
  const { elasticsearchStore } = await import('../compliance/evidence/elasticsearch-store.ts')
  return elasticsearchStore({
    connection: await readConnection(settings, environment, 'compliance.elasticsearch.'),
    compatibility: settings.compatibility,
    address: addressOf(settings),
  })
}

/** Undefined where the service has never run here. */
function databaseOf(stateDir: string, place: StatePlace): string | undefined {
  const path = join(findStateFolder(stateDir, place), place.database)
  return existsSync(path) ? path : undefined
}
