/**
 * Label values of policy decisions.
 * The sets are closed. A value of a log line that is not in its set becomes `other`: nothing that a caller can write
 * becomes a label value of a domain series.
 */

export const decisions = ['allow', 'deny', 'ask', 'audit'] as const
export type Decision = (typeof decisions)[number]

/** What a policy that is not enforced answers; `unknown` where a part that the answer depends on is missing. */
export const policyAnswers = ['allow', 'deny', 'unknown'] as const
export type PolicyAnswer = (typeof policyAnswers)[number]

/**
 * What became of a request for an approval: it was asked for, a person granted or denied it, it was not answered in
 * time, or it was granted without a person (a standing grant, an automatic review, the fallback without an answer).
 */
export const approvalDecisions = ['asked', 'granted', 'denied', 'expired', 'automatic'] as const
export type ApprovalDecision = (typeof approvalDecisions)[number]

/**
 * The enforcement points: those of OpenClaw, of the guards beside it, of the reverse proxy in front of it, and of the network
 * between workloads and hosts.
 */
export const policyEngines = [
  'openclaw-rpc',
  'openclaw-ssrf',
  'openclaw-node',
  'openclaw-sandbox',
  'openclaw-tools',
  'openclaw-exec',
  'openclaw-control-plane',
  'openclaw-egress',
  'openclaw-device',
  'openclaw-hooks',
  'openclaw-plugins',
  'openclaw-channels',
  'openclaw-paths',
  // OpenShell, by the type of the rule that decided; the last is of its log in plain text, which says no type.
  'openshell-opa',
  'openshell-ssrf',
  'openshell-l7',
  'openshell-l7-graphql',
  'openshell-l7-jsonrpc',
  'openshell-l7-mcp',
  'openshell-l7-websocket',
  'openshell-mechanistic',
  'openshell-nftables',
  'openshell-middleware',
  'openshell-supervisor-middleware',
  'openshell-credential-binding',
  'openshell-credentials',
  'openshell-request-authority',
  'openshell-tls',
  'openshell-other',
  'openshell-shorthand',
  'defenseclaw-guardrail',
  'defenseclaw-egress',
  'defenseclaw-authorization',
  'reverse-proxy',
  // the network
  'cilium',
  'calico',
  'nftables',
] as const
export type PolicyEngine = (typeof policyEngines)[number]

/**
 * The rule of an engine that decided. Names that users of an engine give to their rules and policies are not in the set:
 * of these it says what kind of rule decided, and the record says which.
 */
export const policies = [
  // openclaw-rpc
  'missing_scope',
  'unauthorized_role',
  'unknown_role',
  'identity_scope_grant',
  // openclaw-ssrf
  'private_address',
  'domain_allowlist',
  'domain_blocklist',
  'loopback_mode',
  // openclaw-node
  'node_command',
  'node_surface',
  'node_descriptor',
  'push_registration',
  // openclaw-sandbox, openclaw-tools
  'sandbox_tool_policy',
  'environment',
  'tool_policy',
  'before_tool_call',
  'plugin_approval',
  'tool_loop',
  'voice_confirmation',
  // openclaw-exec
  'exec_security',
  'exec_allowlist',
  'exec_elevated',
  'exec_system_run',
  'approval_drift',
  // openclaw-control-plane
  'write_rate_limit',
  // openclaw-egress
  'proxy_auth',
  'https_only',
  'host_allowlist',
  'bypass',
  // openclaw-device
  'device_ownership',
  'role_management',
  'token_scope',
  'pairing_administration',
  'trusted_proxy_auto_approve',
  'ssh_verify',
  // openclaw-hooks
  'suspicious_content',
  'agent_run_veto',
  'hook_override',
  // openclaw-plugins
  'plugin_llm',
  'install_hook',
  'install_policy',
  'code_scan',
  // openclaw-channels
  'sender_allowlist',
  'group_allowlist',
  'owner_only',
  'sender_pairing',
  // openclaw-paths
  'path_escape',
  // openshell: whether a rule of the operator's policy decided
  'named_rule',
  'no_matching_rule',
  // defenseclaw-guardrail: what was evaluated
  'guardrail_input',
  'guardrail_output',
  'guardrail_tool',
  // defenseclaw-egress: why the destination was looked at
  'egress_known',
  'egress_shape',
  'egress_passthrough',
  'egress_chat',
  'egress_private_upstream',
  // reverse-proxy
  'request_size',
  // cilium, calico: what kind of rule decided on a flow
  'allow_rule',
  'deny_rule',
  'default_allow',
  'default_deny',
  // cilium
  'auth_required',
  'unencrypted_traffic',
  'source_range',
  'l7_rule',
  // nftables
  'packet_filter',
  'other',
] as const
export type Policy = (typeof policies)[number]
