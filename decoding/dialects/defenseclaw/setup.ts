import { type Footprint, readFiles, type SetupStep } from '../setup.ts'

const RECORDS = '/var/log/defenseclaw/records.jsonl'

export const defenseclawFootprint: Footprint = {
  program: 'defenseclaw',
  configurations: ['~/.defenseclaw/*.yaml', '~/.defenseclaw/*.yml'],
  logs: ['/var/log/defenseclaw/*.jsonl', '~/.defenseclaw/*.jsonl'],
  marker: 'jsonl',
}

/** Its database is not read: it contains prompts. */
export const defenseclawSetup: readonly SetupStep[] = [
  { where: "the destinations of DefenseClaw's configuration", lines: ['- kind: jsonl', `  path: ${RECORDS}`] },
  readFiles('defenseclaw', [RECORDS]),
]
