import { signals } from '../../../../core/signals.ts'
import { silent, type Template } from '../template.ts'

/** Webhooks and the HTTP routes of plugins. Other HTTP authentication is not logged by OpenClaw at all. */
export const httpTemplates: readonly Template[] = [
  {
    id: 'hook-auth-throttled',
    subsystems: ['gateway/hooks'],
    prefix: 'hook auth throttled for ',
    evidence: 'captured',
    moves: ['auth_lockouts'],
    read: (_line, rest) => {
      const address = rest.slice(0, rest.indexOf(';')).slice(0, 64)
      return {
        signal: 'auth_lockouts',
        labels: { mechanism: 'webhook' },
        outcome: 'denied',
        severity: signals.auth_lockouts.severity,
        actor: address === '' ? {} : { resolvedAddress: address },
      }
    },
  },
  ...['plugin http route blocked ', 'plugin http upgrade blocked '].map(
    (prefix, index): Template => ({
      id: index === 0 ? 'plugin-route-blocked' : 'plugin-upgrade-blocked',
      subsystems: ['gateway/plugins'],
      prefix,
      evidence: 'source',
      moves: ['auth_failures'],
      read: (_line, rest) => ({
        signal: 'auth_failures',
        labels: {
          mechanism: 'http',
          reason: rest.startsWith('without gateway auth ') ? 'gateway_auth_required' : 'other',
        },
        outcome: 'failure',
        severity: signals.auth_failures.severity,
      }),
    }),
  ),
  { id: 'upgrade-error', subsystems: ['gateway'], prefix: 'ws upgrade error from ', evidence: 'source', ...silent },
]
