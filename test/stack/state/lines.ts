import { randomUUID } from 'node:crypto'
import { composeLine } from '../../../decoding/dialects/openclaw-log/compose-line.ts'

const subsystem = 'gateway/ws'
const level = 'WARN'

/** What one connection writes and how many failures it is: the truth of the test. */
export interface Connection {
  readonly lines: readonly string[]
  readonly reason: string
  readonly failures: number
}

export type Story = 'pair' | 'lone partner' | 'suppressed' | 'origin' | 'disconnect' | 'noise'

export const stories: readonly Story[] = ['pair', 'pair', 'lone partner', 'suppressed', 'origin', 'disconnect', 'noise']

/** Lines of one connection to a gateway, in OpenClaw's own layout. */
export function connection(story: Story, host: string, time: number): Connection {
  const conn = randomUUID()
  const ends = `peer=10.9.0.7:5000->10.9.0.1:18789 remote=203.0.113.7`
  const refused = (reason: string, suppressed: string) =>
    composeLine({
      subsystem,
      level,
      host,
      time,
      text: `unauthorized conn=${conn} ${ends} client=cli cli v2026.9.6 role=operator scopes=0 auth=token device=no platform=linux instance=i host=h origin=n/a ua=n/a reason=${reason} guidance=unauthorized${suppressed}`,
    })
  const closed = (meta: Record<string, unknown>, suppressed: string) =>
    composeLine({
      subsystem,
      level,
      host,
      time: time + 20,
      meta: { handshake: 'failed', phase: 'auth_credentials_received', remoteAddr: '203.0.113.7', ...meta },
      text: `closed before connect conn=${conn} ${ends} fwd=n/a origin=n/a host=h ua=n/a code=1008 reason=unauthorized phase=auth_credentials_received${suppressed}`,
    })
  const secret = (authReason: string) => ({ cause: 'unauthorized', authProvided: 'token', authReason })
  switch (story) {
    case 'pair': {
      const reason = 'token_mismatch'
      return { lines: [refused(reason, ''), closed(secret(reason), '')], reason, failures: 1 }
    }
    case 'lone partner':
      return { lines: [refused('password_mismatch', '')], reason: 'password_mismatch', failures: 1 }
    case 'suppressed': {
      const lines = [refused('token_missing', ' suppressed=4'), closed(secret('token_missing'), ' suppressed=4')]
      return { lines, reason: 'token_missing', failures: 5 }
    }
    case 'origin': {
      const meta = { cause: 'origin-mismatch', reason: 'origin not allowed' }
      return { lines: [closed(meta, '')], reason: 'origin_not_allowed', failures: 1 }
    }
    case 'disconnect':
      return { lines: [closed({}, '')], reason: 'none', failures: 0 }
    case 'noise': {
      const text = `health check ${'.'.repeat(400)}`
      return {
        lines: [composeLine({ subsystem: 'gateway', level: 'INFO', host, time, text })],
        reason: 'none',
        failures: 0,
      }
    }
  }
}
