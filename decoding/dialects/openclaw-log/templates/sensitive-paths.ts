import type { Severity } from '../../../../core/labels/event.ts'

/** Configuration whose change can open the gateway: how it is reached, permissions, what runs. */
const SENSITIVE = [
  'gateway.auth',
  'gateway.bind',
  'gateway.controlUi',
  'gateway.http',
  'gateway.nodes',
  'gateway.tailscale',
  'gateway.tls',
  'gateway.trustedProxies',
  'approvals',
  'hooks',
  'logging',
  'plugins.allow',
  'plugins.entries',
  'plugins.load',
  'sandbox',
  'secrets',
  'security',
  'tools',
]

/**
 * Severity of a change of these paths: high if one of them is sensitive. Paths can be coarse (`tools` for
 * `tools.elevated.enabled`), so a path matches in both directions, as a parent and as a child.
 */
export function changeSeverity(paths: string): Severity {
  return paths.slice(0, 4096).split(',').some(isSensitive) ? 'high' : 'medium'
}

function isSensitive(listed: string): boolean {
  const path = listed.trim()
  if (path === '' || path === 'plugins.installs' || path === 'plugins') return false
  return SENSITIVE.some(known => path === known || path.startsWith(`${known}.`) || known.startsWith(`${path}.`))
}
