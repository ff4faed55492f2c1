import { type Footprint, readFiles, receiveLogs, type SetupStep } from '../setup.ts'

const OPENCLAW_CONFIGURATION = '~/.openclaw/openclaw.json'

/** What OpenClaw writes only where it is asked: its own checks, lists and its trail. */
export const askedFootprint: Footprint = {
  program: 'openclaw',
  configurations: [OPENCLAW_CONFIGURATION],
  logs: [],
  isAsked: true,
}

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
  { where: 'shell', lines: ['openclaw config set logging.consoleStyle json'] },
  writeConsole,
  readConsole,
]

/** A patch keeps what is beside its keys, but for lists. */
const plugin: SetupStep = {
  where: 'shell',
  lines: [
    'openclaw plugins install clawhub:@openclaw/diagnostics-otel',
    `openclaw config set plugins.allow '["diagnostics-otel"]' --strict-json    # with those that are in it already`,
    "openclaw config patch --stdin <<'END'",
    '{',
    '  plugins: { entries: { "diagnostics-otel": { enabled: true } } },',
    '  diagnostics: {',
    '    enabled: true,',
    '    otel: { enabled: true, logs: true, traces: false, metrics: false, endpoint: "http://127.0.0.1:9847" },',
    '  },',
    '}',
    'END',
  ],
}

/** Its configuration has such a section where its plugin is configured. */
export const diagnosticsFootprint: Footprint = { ...openclawFootprint, marker: 'diagnostics' }

/** OpenClaw exports its log and its security events by this plugin only. */
export const diagnosticsSetup: readonly SetupStep[] = [plugin, receiveLogs('openclaw-diagnostics')]
