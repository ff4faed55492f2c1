import type { StatePlace } from './private-folder.ts'
import { STATE_FILE } from './state-file.ts'

/** Where the databases of the services are in their state folders; what reads them beside their service finds them here. */
export const statePlaces = {
  exporter: { service: 'exporter', database: STATE_FILE },
  remediation: { service: 'remediation', database: 'ledger.db' },
} as const satisfies Readonly<Record<string, StatePlace>>
