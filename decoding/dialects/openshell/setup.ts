import { type Footprint, readFiles, type SetupStep } from '../setup.ts'

const RECORDS = '/var/log/openshell-ocsf.*.log'

export const openshellFootprint: Footprint = {
  program: 'openshell',
  configurations: ['/etc/openshell/gateway.toml'],
  logs: [RECORDS, '/var/log/openshell.*.log', '/var/log/openshell/*.jsonl'],
}

/** Its log in plain text is not advised: an agent can write whole lines of it. */
export const openshellSetup: readonly SetupStep[] = [
  { where: 'shell', lines: ['openshell settings set --global --key ocsf_json_enabled --value true'] },
  readFiles('openshell', [RECORDS]),
]
