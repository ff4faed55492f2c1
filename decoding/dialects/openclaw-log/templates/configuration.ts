import { changeSeverity } from './sensitive-paths.ts'
import { drift, driftClaim, type Extraction, noSignal, type Template } from './template.ts'
import { firstField } from './text.ts'

const reload = ['gateway/reload'] as const
const root = [''] as const

const CLI_EFFECTS = ['. Change will apply without restarting the gateway.', '. Restart the gateway to apply.']

/** A path that the command line wrote. */
function readUpdated(rest: string): Extraction {
  const effect = CLI_EFFECTS.find(ending => rest.endsWith(ending))
  if (effect === undefined) return undefined
  return driftClaim('config_write', changeSeverity(rest.slice(0, -effect.length)))
}

/** A write over RPC: `changedPaths=` lists up to eight paths without spaces, after ids that the gateway writes. */
function readRpcWrite(rest: string): Extraction {
  const device = firstField(rest, 'device')
  if (device === undefined) return undefined
  const ip = firstField(rest, 'ip')
  return driftClaim('config_write', changeSeverity(firstField(rest, 'changedPaths') ?? ''), {
    device,
    ...(ip !== undefined && ip !== 'unknown-ip' && { resolvedAddress: ip }),
  })
}

/** Configuration changes: who wrote them (`config_write`) and what the gateway applied (`config_reload`). */
export const configurationTemplates: readonly Template[] = [
  {
    id: 'config-change-detected',
    subsystems: reload,
    prefix: 'config change detected; evaluating reload (',
    evidence: 'captured',
    moves: ['posture_drifts'],
    read: (_line, rest) => driftClaim('config_reload', changeSeverity(rest.endsWith(')') ? rest.slice(0, -1) : rest)),
  },
  // The result of a detected change, which was already counted.
  {
    id: 'config-hot-reload',
    subsystems: reload,
    prefix: 'config hot reload applied (',
    evidence: 'captured',
    ...noSignal,
  },
  {
    id: 'config-needs-restart',
    subsystems: reload,
    prefix: 'config change requires gateway restart (',
    evidence: 'captured',
    ...noSignal,
  },
  {
    id: 'config-reload-superseded',
    subsystems: reload,
    prefix: 'config reload superseded: ',
    evidence: 'source',
    ...noSignal,
  },
  {
    id: 'config-reload-disabled',
    subsystems: reload,
    prefix: 'config reload disabled (',
    evidence: 'source',
    ...noSignal,
  },
  {
    id: 'config-reload-skipped',
    subsystems: reload,
    prefix: 'config reload skipped (',
    evidence: 'captured',
    ...drift('config_invalid', 'high'),
  },
  {
    id: 'config-reload-failed',
    subsystems: reload,
    prefix: 'config reload failed: ',
    evidence: 'source',
    ...drift('config_reload_failed', 'high'),
  },
  {
    id: 'config-patch',
    subsystems: ['gateway'],
    prefix: 'config.patch write ',
    evidence: 'captured',
    moves: ['posture_drifts'],
    read: (_line, rest) => readRpcWrite(rest),
  },
  {
    id: 'config-apply',
    subsystems: ['gateway'],
    prefix: 'config.apply write ',
    evidence: 'source',
    moves: ['posture_drifts'],
    read: (_line, rest) => readRpcWrite(rest),
  },
  { id: 'config-patch-noop', subsystems: ['gateway'], prefix: 'config.patch noop ', evidence: 'source', ...noSignal },
  {
    id: 'config-updated',
    subsystems: root,
    prefix: 'Updated ',
    evidence: 'captured',
    moves: ['posture_drifts'],
    read: (_line, rest) => readUpdated(rest),
  },
  {
    id: 'config-observe-anomaly',
    subsystems: root,
    prefix: 'Config observe anomaly: ',
    evidence: 'captured',
    ...drift('config_anomaly', 'high'),
  },
  {
    id: 'config-write-anomaly',
    subsystems: root,
    prefix: 'Config write anomaly: ',
    evidence: 'source',
    ...drift('config_anomaly', 'high'),
  },
  {
    id: 'config-clobber-cap',
    subsystems: root,
    prefix: 'Config clobber snapshot cap reached ',
    evidence: 'source',
    ...drift('config_anomaly', 'medium'),
  },
  {
    id: 'config-restored',
    subsystems: root,
    prefix: 'Config auto-restored from ',
    evidence: 'source',
    ...drift('config_restored', 'high'),
  },
  {
    id: 'config-restore-failed',
    subsystems: root,
    prefix: 'Config auto-restore from backup failed: ',
    evidence: 'source',
    ...drift('config_restore_failed', 'high'),
  },
  {
    id: 'config-recovery-skipped',
    subsystems: root,
    prefix: 'Config last-known-good recovery skipped: ',
    evidence: 'source',
    ...drift('config_restore_failed', 'high'),
  },
  {
    id: 'config-permissions',
    subsystems: root,
    prefix: 'Config permission hardening failed (',
    evidence: 'source',
    ...drift('config_permissions', 'high'),
  },
  // Written in addition to the writer's line, and only on request.
  { id: 'config-overwrite', subsystems: root, prefix: 'Config overwrite: ', evidence: 'source', ...noSignal },
]
