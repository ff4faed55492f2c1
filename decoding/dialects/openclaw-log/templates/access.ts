import type { Decision, Policy } from '../../../../core/labels/policy.ts'
import { decided, decisionClaim, type Extraction, guarded, noSignal, type Template } from './template.ts'
import { firstField } from './text.ts'

/** First row whose text the message begins with. */
function byStart<T>(rows: readonly (readonly [string, T])[], message: string): T | undefined {
  return rows.find(([start]) => message.startsWith(start))?.[1]
}

const ssrfPolicies: readonly (readonly [string, Policy])[] = [
  ['Blocked hostname or private/internal/special-use IP address', 'private_address'],
  ['Blocked: resolves to private/internal/special-use IP address', 'private_address'],
  ['Domain policy: Blocked hostname (not in allowlist)', 'domain_allowlist'],
  ['Domain policy: Blocked hostname (configured blocklist)', 'domain_blocklist'],
  ['proxy: configured local provider loopback connections are blocked', 'loopback_mode'],
]

function readBlockedFetch(rest: string): Extraction {
  const reason = rest.indexOf(' reason=')
  if (reason === -1) return undefined
  const message = rest.slice(reason + ' reason='.length)
  return decisionClaim('openclaw-ssrf', byStart(ssrfPolicies, message) ?? 'other', 'deny')
}

const execDenials: readonly (readonly [string, Policy])[] = [
  ['exec denied: host=gateway security=deny', 'exec_security'],
  ['exec denied: host=node security=deny', 'exec_security'],
  ['exec denied: allowlist miss', 'exec_allowlist'],
  ['exec denied: host=node allowlist miss', 'exec_allowlist'],
  ['exec denied: ', 'other'],
  ['SYSTEM_RUN_DENIED: ', 'exec_system_run'],
  ['elevated is not available right now', 'exec_elevated'],
]

const egressByReason = new Map<unknown, readonly [Policy, Decision]>([
  ['missing-proxy-auth', ['proxy_auth', 'deny']],
  ['invalid-proxy-auth', ['proxy_auth', 'deny']],
  ['non-https-request', ['https_only', 'deny']],
  ['host-not-allowed', ['host_allowlist', 'deny']],
  ['bypass', ['bypass', 'audit']],
])

/** Decisions about what an agent may reach and run: addresses, secrets, tools, commands, the control plane. */
export const accessTemplates: readonly Template[] = [
  {
    id: 'url-fetch-blocked',
    subsystems: ['security'],
    prefix: 'blocked URL fetch (',
    evidence: 'captured',
    moves: ['policy_decisions'],
    read: (_line, rest) => readBlockedFetch(rest),
  },
  // After a blocked fetch this line reports the same block; otherwise the tool failed for another reason.
  {
    id: 'tool-execution-failed',
    subsystems: ['tools-invoke'],
    prefix: 'tool execution failed: ',
    evidence: 'captured',
    ...noSignal,
  },
  {
    id: 'secret-egress-request',
    subsystems: ['secrets/egress-proxy'],
    prefix: 'secret egress request',
    evidence: 'source',
    moves: ['policy_decisions', 'no_signal'],
    read: ({ meta }) => {
      if (meta?.reason === undefined) return decisionClaim('openclaw-egress', 'host_allowlist', 'allow')
      if (meta.reason === 'upstream-error') return 'no_signal'
      return decisionClaim('openclaw-egress', ...(egressByReason.get(meta.reason) ?? (['other', 'deny'] as const)))
    },
  },
  {
    id: 'sandbox-tool-blocked',
    subsystems: ['agents/tool-policy'],
    prefix: 'sandbox tool policy blocked ',
    evidence: 'source',
    ...decided('openclaw-sandbox', 'sandbox_tool_policy', 'deny'),
  },
  {
    id: 'tool-policy-removed',
    subsystems: ['agents/tool-policy'],
    prefix: 'tool policy removed ',
    evidence: 'source',
    ...decided('openclaw-tools', 'tool_policy', 'deny'),
  },
  {
    id: 'tool-call-blocked',
    subsystems: ['tools'],
    prefix: '',
    evidence: 'source',
    ...guarded(
      rest => rest.includes(' blocked by before_tool_call: '),
      decided('openclaw-tools', 'before_tool_call', 'deny'),
    ),
  },
  {
    id: 'plugin-approval-unavailable',
    subsystems: [],
    prefix: 'plugin approval gateway request failed; blocking tool call',
    evidence: 'source',
    ...decided('openclaw-tools', 'plugin_approval', 'deny'),
  },
  {
    id: 'elevated-command',
    subsystems: ['exec'],
    prefix: 'elevated command ',
    evidence: 'source',
    ...decided('openclaw-exec', 'exec_elevated', 'allow'),
  },
  {
    id: 'exec-failed',
    subsystems: [''],
    prefix: '[tools] exec failed: ',
    evidence: 'source',
    moves: ['policy_decisions', 'no_signal'],
    read: (_line, rest) => {
      const policy = byStart(execDenials, rest)
      return policy === undefined ? 'no_signal' : decisionClaim('openclaw-exec', policy, 'deny')
    },
  },
  {
    id: 'system-run-approval',
    subsystems: ['security'],
    prefix: 'system.run approval ',
    evidence: 'source',
    moves: ['policy_decisions', 'no_signal'],
    read: (_line, rest) =>
      rest.startsWith('state write failed') ? 'no_signal' : decisionClaim('openclaw-exec', 'approval_drift', 'deny'),
  },
  {
    id: 'exec-followup-dropped',
    subsystems: [],
    prefix: 'Dropping stale exec approval followup ',
    evidence: 'source',
    ...noSignal,
  },
  {
    id: 'sandbox-environment-blocked',
    subsystems: ['docker'],
    prefix: 'Blocked invalid configured sandbox environment variables: ',
    evidence: 'source',
    ...decided('openclaw-sandbox', 'environment', 'deny'),
  },
  {
    id: 'sandbox-environment-suspicious',
    subsystems: ['docker'],
    prefix: 'Suspicious configured sandbox environment variables: ',
    evidence: 'source',
    ...decided('openclaw-sandbox', 'environment', 'audit'),
  },
  {
    id: 'skill-environment-blocked',
    subsystems: ['env-overrides'],
    prefix: 'Blocked skill env overrides for ',
    evidence: 'source',
    ...decided('openclaw-exec', 'environment', 'deny'),
  },
  {
    id: 'mcp-environment-blocked',
    subsystems: ['bundle-mcp'],
    prefix: 'server ',
    evidence: 'source',
    ...guarded(
      rest => rest.endsWith(' is blocked for stdio startup safety and was ignored.'),
      decided('openclaw-exec', 'environment', 'deny'),
    ),
  },
  {
    id: 'control-plane-rate-limited',
    subsystems: ['gateway'],
    prefix: 'control-plane write rate-limited method=',
    evidence: 'captured',
    ...decided('openclaw-control-plane', 'write_rate_limit', 'deny', rest => {
      const device = firstField(rest, 'device')
      const ip = firstField(rest, 'ip')
      return {
        ...(device !== undefined && { device }),
        ...(ip !== undefined && ip !== 'unknown-ip' && { resolvedAddress: ip }),
      }
    }),
  },
  {
    id: 'unknown-operator-role',
    subsystems: ['gateway/operator-roles'],
    prefix: 'User profile ',
    evidence: 'source',
    ...guarded(
      rest => rest.includes(' references unknown Gateway role '),
      decided('openclaw-rpc', 'unknown_role', 'deny'),
    ),
  },
]
