import { readFiles, runCommand, type SetupStep } from '../setup.ts'

/** The exporter runs them as a user who may read OpenClaw's configuration. */
export const auditSetup: readonly SetupStep[] = [runCommand('audit', ['openclaw', 'security', 'audit', '--json'])]
export const doctorSetup: readonly SetupStep[] = [runCommand('doctor', ['openclaw', 'doctor', '--lint', '--json'])]
export const policySetup: readonly SetupStep[] = [
  { where: 'shell', lines: ['openclaw plugins enable policy'] },
  runCommand('policy', ['openclaw', 'policy', 'check', '--json']),
]
export const deviceListSetup: readonly SetupStep[] = [runCommand('devices', ['openclaw', 'devices', 'list', '--json'])]
export const statusSetup: readonly SetupStep[] = [runCommand('status', ['openclaw', 'status', '--json'])]

const TRAIL = '/var/lib/openclaw/config-audit.jsonl'
/** The state database is OpenClaw's; a cron entry copies its rows. */
export const configurationSetup: readonly SetupStep[] = [
  {
    where: 'a script that cron runs each minute, with the last sequence that it wrote in LAST',
    lines: [
      'sqlite3 ~/.openclaw/state/openclaw.sqlite \\',
      '  "SELECT payload_json FROM diagnostic_events WHERE scope = \'config-audit\' AND sequence > $LAST ORDER BY sequence" \\',
      `  >> ${TRAIL}`,
    ],
  },
  readFiles('config-audit', [TRAIL]),
]
