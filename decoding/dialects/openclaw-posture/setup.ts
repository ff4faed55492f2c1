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

const [TRAIL, SCRIPT] = ['/var/lib/openclaw/config-audit.jsonl', '/var/lib/openclaw/config-audit']
/** The state database is OpenClaw's; a cron entry of its user copies the new rows. */
export const configurationSetup: readonly SetupStep[] = [
  {
    where: 'shell',
    lines: [
      '# as root; openclaw is the user of the gateway, who needs sqlite3',
      'install -d -o openclaw /var/lib/openclaw',
      `install -m 755 /dev/stdin ${SCRIPT} <<'END'`,
      '#!/bin/sh',
      'set -eu',
      `trail=${TRAIL}`,
      'last=$(cat "$trail.last" 2>/dev/null || echo 0)',
      'sqlite3 -readonly -separator " " "$HOME/.openclaw/state/openclaw.sqlite" \\',
      '  "SELECT sequence, payload_json FROM diagnostic_events WHERE scope = \'config-audit\' AND sequence > $last ORDER BY sequence" |',
      '  while read -r sequence row; do printf \'%s\\n\' "$row" >> "$trail" && echo "$sequence" > "$trail.last"; done',
      'END',
    ],
  },
  { where: 'the crontab of the user openclaw', lines: [`* * * * * ${SCRIPT}`] },
  readFiles('config-audit', [TRAIL]),
]
