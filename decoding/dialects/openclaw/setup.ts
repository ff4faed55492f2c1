import { type Footprint, readFiles, receiveLogs, type SetupStep } from '../setup.ts'

export const OPENCLAW_CONFIGURATION = '~/.openclaw/openclaw.json'

/** OpenClaw on its host, and in the sandbox of NemoClaw. */
export const openclawFootprint: Footprint = {
  program: 'openclaw',
  configurations: [OPENCLAW_CONFIGURATION, '/sandbox/.openclaw/openclaw.json'],
  logs: ['/tmp/openclaw/openclaw-*.log', '/sandbox/.openclaw/logs/gateway-persistent.log'],
}

export const fileLogSetup: readonly SetupStep[] = [readFiles('openclaw', ['/tmp/openclaw/openclaw-*.log'])]

const CONSOLE = '/var/log/openclaw/console.log'
/** The output of a gateway that systemd runs. */
const writeConsole: SetupStep = {
  where: "a drop-in of the gateway's unit in systemd",
  lines: ['[Service]', `StandardOutput=append:${CONSOLE}`],
}
const readConsole = readFiles('openclaw-console', [CONSOLE])

export const consoleSetup: readonly SetupStep[] = [
  { where: OPENCLAW_CONFIGURATION, lines: ['{ "logging": { "consoleStyle": "json" } }'] },
  writeConsole,
  readConsole,
]

const plugin: SetupStep = {
  where: 'shell',
  lines: ['openclaw plugins install clawhub:@openclaw/diagnostics-otel'],
}

/** Its configuration has such a section where its plugin is configured. */
export const diagnosticsFootprint: Footprint = { ...openclawFootprint, marker: 'diagnostics' }

/** OpenClaw exports its log and its security events by this plugin only. */
export const diagnosticsSetup: readonly SetupStep[] = [
  plugin,
  {
    where: OPENCLAW_CONFIGURATION,
    lines: [
      '{',
      '  plugins: { allow: ["diagnostics-otel"], entries: { "diagnostics-otel": { enabled: true } } },',
      '  diagnostics: {',
      '    enabled: true,',
      '    otel: { enabled: true, logs: true, traces: false, metrics: false, endpoint: "http://127.0.0.1:9847" },',
      '  },',
      '}',
    ],
  },
  receiveLogs('openclaw-diagnostics'),
]
