import { signals } from '../../../../core/signals.ts'
import { refused } from '../../../toolkit/claims.ts'
import { noSignal, type Template } from './template.ts'

/** A request to a plugin's route without the credential that the gateway expects; the reason comes first. */
const pluginBlocked: Pick<Template, 'moves' | 'read'> = {
  moves: ['auth_failures'],
  read: (_line, rest) => refused('http', rest.startsWith('without gateway auth ') ? 'gateway_auth_required' : 'other'),
}

/** Webhooks and the HTTP routes of plugins. OpenClaw does not log other HTTP authentication. */
export const httpTemplates: readonly Template[] = [
  {
    id: 'hook-auth-throttled',
    subsystems: ['gateway/hooks'],
    prefix: 'hook auth throttled for ',
    evidence: 'captured',
    moves: ['auth_lockouts'],
    labels: ['webhook'],
    read: (_line, rest) => {
      const address = rest.slice(0, 64).split(';', 1)[0]
      return {
        signal: 'auth_lockouts',
        labels: { mechanism: 'webhook' },
        outcome: 'denied',
        severity: signals.auth_lockouts.severity,
        actor: address ? { resolvedAddress: address } : {},
      }
    },
  },
  {
    id: 'plugin-route-blocked',
    subsystems: ['gateway/plugins'],
    prefix: 'plugin http route blocked ',
    evidence: 'source',
    ...pluginBlocked,
  },
  {
    id: 'plugin-upgrade-blocked',
    subsystems: ['gateway/plugins'],
    prefix: 'plugin http upgrade blocked ',
    evidence: 'source',
    ...pluginBlocked,
  },
  { id: 'upgrade-error', subsystems: ['gateway'], prefix: 'ws upgrade error from ', evidence: 'source', ...noSignal },
]
