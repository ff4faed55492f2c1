import { noSignal, type Template } from './template.ts'

/** Loggers, and how a message of theirs begins that tells of the gateway's start, end or restart. */
const captured: readonly (readonly [id: string, subsystem: string, prefix: string])[] = [
  ['start-configuration', 'gateway', 'loading configuration'],
  ['start-authentication', 'gateway', 'resolving authentication'],
  ['start-http', 'gateway', 'starting HTTP server'],
  ['start-channels', 'gateway', 'starting channels and sidecars'],
  ['start-hooks', 'gateway/hooks', '[hooks] running '],
  ['gateway-ready', 'gateway', 'gateway ready'],
  ['signal-received', 'gateway', 'signal SIG'],
  ['signal-obeyed', 'gateway', 'received SIG'],
  ['work-drained', 'gateway', 'active-work drain settled; '],
  ['shutdown-started', 'gateway/shutdown', 'shutdown started: '],
  ['shutdown-completed', 'gateway/shutdown', 'shutdown completed '],
  ['restart-now', 'gateway/reload', 'all operations and replies completed; restarting '],
  ['restart-mode', 'gateway', 'restart mode: '],
  // Of the command line, which logs as the root logger.
  ['command-of-plugin', '', 'The `openclaw '],
  ['plugin-enabled', '', 'Enabled plugin '],
  ['client-error', '', 'gateway client error: '],
]

/** Lines about start, end and restart. They are known so that a new message is not lost among them. */
export const lifecycleTemplates: readonly Template[] = captured.map(([id, subsystem, prefix]) => ({
  id,
  subsystems: [subsystem],
  prefix,
  evidence: 'captured',
  ...noSignal,
}))
