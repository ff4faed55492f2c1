import { factValues } from '../../../toolkit/posture.ts'
import { drift, type Extraction, noSignal, type Template } from './template.ts'

const gateway = ['gateway'] as const

const PLUGINS = /^\d{1,4} plugins?: ([\w@/., -]{1,4000}); [\d.]{1,12}s\)$/

/** The plugins of a gateway that has started, and its Node.js where the layout says it. */
function readStart(rest: string, node: string | undefined): Extraction {
  const plugins = PLUGINS.exec(rest)?.[1]
  if (plugins === undefined && node === undefined) return 'no_signal'
  return {
    facts: {
      ...(plugins !== undefined && { plugins: factValues(plugins.split(', ')) }),
      ...(node !== undefined && { node_version: factValues([node]) }),
    },
  }
}

/** What the gateway reports about its own posture, mostly once at its start. */
export const postureTemplates: readonly Template[] = [
  {
    id: 'dangerous-flags',
    subsystems: gateway,
    prefix: 'security warning: dangerous config flags enabled: ',
    evidence: 'captured',
    ...drift('dangerous_flags', 'high'),
  },
  // The flag is also in dangerous-flags, written at the same start.
  {
    id: 'host-header-flag',
    subsystems: gateway,
    prefix: '⚠️  gateway.controlUi.dangerouslyAllowHostHeaderOriginFallback=true is enabled.',
    evidence: 'captured',
    ...noSignal,
  },
  {
    id: 'non-loopback-bind',
    subsystems: gateway,
    prefix: '⚠️  Gateway is binding to a non-loopback address.',
    evidence: 'captured',
    ...drift('non_loopback_bind', 'medium'),
  },
  {
    id: 'hooks-token-reuse',
    subsystems: gateway,
    prefix: 'Security warning: hooks.token matches active Gateway shared-secret auth.',
    evidence: 'captured',
    ...drift('hooks_token_reuse', 'high'),
  },
  {
    id: 'auto-approve-admin',
    subsystems: gateway,
    prefix: 'SECURITY WARNING: gateway.auth.trustedProxy.deviceAutoApprove.scopes includes operator.admin',
    evidence: 'source',
    ...drift('auto_approve_admin', 'high'),
  },
  {
    id: 'unattributed-proxy-traffic',
    subsystems: gateway,
    prefix: 'gateway: observed unattributable proxy-shaped traffic from ',
    evidence: 'captured',
    ...drift('unattributed_proxy_traffic', 'medium'),
  },
  {
    id: 'tailscale-funnel',
    subsystems: ['gateway/tailscale'],
    prefix: 'external Tailscale Funnel for port ',
    evidence: 'source',
    ...drift('tailscale_funnel', 'medium'),
  },
  {
    id: 'safe-bins-unprofiled',
    subsystems: ['exec'],
    prefix: 'ignoring unprofiled safeBins entries ',
    evidence: 'source',
    ...drift('exec_safe_bins', 'low'),
  },
  {
    id: 'safe-bins-interpreter',
    subsystems: ['exec'],
    prefix: 'interpreter/runtime binaries in safeBins ',
    evidence: 'source',
    ...drift('exec_safe_bins', 'medium'),
  },
  {
    id: 'update-available',
    subsystems: gateway,
    prefix: 'update available (',
    evidence: 'source',
    ...drift('update_available', 'info'),
  },
  { id: 'update-run', subsystems: gateway, prefix: 'update.run completed ', evidence: 'source', ...noSignal },
  { id: 'update-hold', subsystems: gateway, prefix: 'update.hold ', evidence: 'source', ...noSignal },
  {
    id: 'http-server-listening',
    subsystems: gateway,
    prefix: 'http server listening (',
    evidence: 'captured',
    moves: ['posture_facts'],
    read: ({ runtimeVersion }, rest) => readStart(rest, runtimeVersion),
  },
  { id: 'log-file', subsystems: gateway, prefix: 'log file: ', evidence: 'source', ...noSignal },
  { id: 'agent-model', subsystems: gateway, prefix: 'agent model: ', evidence: 'source', ...noSignal },
]
