import { type Footprint, readFiles, type SetupStep } from '../setup.ts'

export const OPENCLAW_CONFIGURATION = '~/.openclaw/openclaw.json'

/** OpenClaw on its host, and in the sandbox of NemoClaw. */
export const openclawFootprint: Footprint = {
  program: 'openclaw',
  configurations: [OPENCLAW_CONFIGURATION, '/sandbox/.openclaw/openclaw.json'],
  logs: ['/tmp/openclaw/openclaw-*.log', '/sandbox/.openclaw/logs/gateway-persistent.log'],
}

export const fileLogSetup: readonly SetupStep[] = [readFiles('openclaw', ['/tmp/openclaw/openclaw-*.log'])]

/** The output of a gateway, as a unit of systemd writes it into a file. */
const readConsole = readFiles('openclaw-console', ['/var/log/openclaw/console.log'])

export const consoleSetup: readonly SetupStep[] = [
  { where: OPENCLAW_CONFIGURATION, lines: ['{ "logging": { "consoleStyle": "json" } }'] },
  readConsole,
]

const plugin: SetupStep = {
  where: 'shell',
  lines: ['openclaw plugins install clawhub:@openclaw/diagnostics-otel'],
}

/** OpenClaw exports its log and its security events by this plugin only. */
export const diagnosticsSetup: readonly SetupStep[] = [
  plugin,
  {
    where: OPENCLAW_CONFIGURATION,
    lines: ['{ "diagnostics": { "otel": { "enabled": true, "logs": true, "logsExporter": "stdout" } } }'],
  },
  readConsole,
]
