import type { EpochMs } from '../../../core/clock.ts'
import { pick, type Random } from '../../../core/random.ts'
import { composeLine } from '../../../decoding/dialects/openclaw-log/compose-line.ts'
import { seriesName } from './series-name.ts'

/** What a line adds to a series when it is the one that counts. */
export interface Said {
  readonly series: string
  readonly count: number
}

/** The leading line of a connection and its partner tell of one event; a line that is alone tells of its own. */
export type Role = 'leading' | 'partner' | 'alone'

/** One line that a gateway writes, and what it says: written down here by hand, never asked of a decoder. */
export interface Line {
  readonly role: Role
  /** Undefined where the line moves no counter. */
  readonly said: Said | undefined
  /** After the first line of the connection, milliseconds. */
  readonly after: number
  /** The line as the gateway writes it at this time. */
  readonly text: (time: EpochMs) => string
}

/** Who connects, and to which gateway. */
export interface Caller {
  readonly gateway: string
  readonly address: string
  readonly connection: string
}

interface Telling extends Caller {
  readonly random: Random
}

/** The trust zones of a round; in the order in which the rules stand. */
export const zoneRules = [
  { zone: 'edge', match: { gateway: ['gw-1'] } },
  { zone: 'vpn', match: { cidr: ['198.51.100.0/24'] } },
] as const

const addresses = ['203.0.113.7', '203.0.113.9', '198.51.100.4', '192.0.2.33'] as const

function zoneOf({ gateway }: Caller, address: string | undefined, otherwise: string): string {
  if (gateway === 'gw-1') return 'edge'
  return address?.startsWith('198.51.100.') ? 'vpn' : otherwise
}

/** Credentials, and what OpenClaw says when they are refused. */
const refusals = [
  { credential: 'token', mechanism: 'shared_secret', reason: 'token_mismatch' },
  { credential: 'token', mechanism: 'shared_secret', reason: 'token_missing' },
  { credential: 'password', mechanism: 'shared_secret', reason: 'password_mismatch' },
  { credential: 'device-token', mechanism: 'device_token', reason: 'device_token_mismatch' },
  { credential: 'bootstrap-token', mechanism: 'bootstrap_token', reason: 'bootstrap_token_invalid' },
] as const

type Refusal = { readonly credential: string; readonly mechanism: string; readonly reason: string }

const suppressedText = (repeats: number) => (repeats === 0 ? '' : ` suppressed=${repeats}`)
const ends = ({ address }: Caller) => `peer=${address}:50514->192.0.2.10:18789 remote=${address}`

function failures(caller: Caller, { mechanism, reason }: Refusal, count: number): Said {
  const common = { gateway: caller.gateway, trust_zone: zoneOf(caller, caller.address, 'agent-control'), mechanism }
  if (reason === 'rate_limited') return { series: seriesName('clawtrust_auth_lockouts_total', common), count }
  return { series: seriesName('clawtrust_auth_failures_total', { ...common, reason }), count }
}

function line(
  caller: Caller,
  role: Role,
  said: Said | undefined,
  {
    subsystem = 'gateway/ws',
    level = 'WARN',
    after = 0,
    ...rest
  }: Partial<Parameters<typeof composeLine>[0]> & {
    readonly text: string
    readonly after?: number
  },
): Line {
  const host = caller.gateway
  const text = (time: EpochMs) => composeLine({ subsystem, level, host, ...rest, time: time + after })
  return { role, said, after, text }
}

function unauthorized(caller: Caller, refusal: Refusal, repeats = 0): Line {
  const { credential, reason } = refusal
  const client = `client=cli cli v2026.9.6 role=operator scopes=0 auth=${credential} device=no platform=linux`
  const text = `unauthorized conn=${caller.connection} ${ends(caller)} ${client} instance=i host=h origin=n/a ua=n/a reason=${reason} guidance=unauthorized${suppressedText(repeats)}`
  return line(caller, 'partner', failures(caller, refusal, 1 + repeats), { text })
}

function closed(caller: Caller, meta: Record<string, unknown>, said: Said | undefined, repeats = 0): Line {
  const phase = 'auth_credentials_received'
  const text = `closed before connect conn=${caller.connection} ${ends(caller)} fwd=n/a origin=n/a host=h ua=n/a code=1008 reason=unauthorized phase=${phase}${suppressedText(repeats)}`
  const all = { handshake: 'failed', phase, remoteAddr: caller.address, localPort: 18_789, ...meta }
  return line(caller, said === undefined ? 'alone' : 'leading', said, { text, meta: all, after: 20 })
}

function refusedClose(caller: Caller, refusal: Refusal, repeats = 0): Line {
  const meta = { cause: 'unauthorized', authProvided: refusal.credential, authReason: refusal.reason }
  return closed(caller, meta, failures(caller, refusal, 1 + repeats), repeats)
}

function drift(caller: Caller, kind: string, severity: string): Said {
  const trust_zone = zoneOf(caller, undefined, 'agent-control')
  return {
    series: seriesName('clawtrust_posture_drifts_total', { gateway: caller.gateway, trust_zone, kind, severity }),
    count: 1,
  }
}

const lockout = (credential: string): Refusal => ({ credential, mechanism: 'shared_secret', reason: 'rate_limited' })
const handshake = (reason: string): Refusal => ({ credential: 'none', mechanism: 'handshake', reason })

/** Stories of connections: one or two lines each. */
export const stories = {
  'refused, told by two lines': telling => {
    const refusal = pick(telling.random, refusals)
    return [unauthorized(telling, refusal), refusedClose(telling, refusal)]
  },
  'refused, and the two lines name two reasons': telling => {
    const refusal = pick(telling.random, refusals.slice(0, 2))
    return [unauthorized(telling, { ...refusal, reason: 'unauthorized' }, 2), refusedClose(telling, refusal, 4)]
  },
  'refused with repeats held back': telling => {
    const refusal = pick(telling.random, refusals)
    const repeats = 1 + Math.floor(telling.random() * 90)
    return [unauthorized(telling, refusal, repeats), refusedClose(telling, refusal, repeats)]
  },
  'refused, and the close is not there': telling => [unauthorized(telling, pick(telling.random, refusals))],
  'refused, and the close alone is there': telling => [refusedClose(telling, pick(telling.random, refusals))],
  'refused, and the close has no cause': telling => [
    unauthorized(telling, pick(telling.random, refusals)),
    closed(telling, {}, undefined),
  ],
  'locked out': telling => {
    const refusal = lockout(pick(telling.random, ['token', 'password']))
    return [unauthorized(telling, refusal), refusedClose(telling, refusal)]
  },
  'another protocol': telling => {
    const refusal = handshake('protocol-mismatch')
    const text = `protocol mismatch conn=${telling.connection} ${ends(telling)} client=cli cli v2026.9.6 min=1 max=2 expected=4`
    const said = failures(telling, refusal, 1)
    return [line(telling, 'partner', said, { text }), closed(telling, { cause: 'protocol-mismatch' }, said)]
  },
  'another origin': telling => {
    const said = failures(telling, { credential: 'none', mechanism: 'origin', reason: 'origin_not_allowed' }, 1)
    return [closed(telling, { cause: 'origin-mismatch', reason: 'origin not allowed' }, said)]
  },
  'a device asks for a further role': telling => {
    const meta = { cause: 'pairing-required', reason: 'role-upgrade' }
    const trust_zone = zoneOf(telling, telling.address, 'agent-control')
    const labels = { gateway: telling.gateway, trust_zone, kind: 'role_upgrade', severity: 'high' }
    return [closed(telling, meta, { series: seriesName('clawtrust_posture_drifts_total', labels), count: 1 })]
  },
  'an old protocol': telling => {
    const text = `legacy node protocol accepted conn=${telling.connection} client=node-host v2026.4.1 min=3 max=3 current=4; upgrade recommended`
    return [line(telling, 'alone', drift(telling, 'legacy_protocol', 'low'), { text })]
  },
  'a call without its scope': telling => {
    const repeats = Math.floor(telling.random() * 4)
    const held = repeats === 0 ? '' : ` suppressedUnauthorizedResponses=${repeats}`
    const text = `⇄ res ✗ sessions.list 5ms errorCode=FORBIDDEN errorMessage=missing scope: operator.read${held} conn=${telling.connection.slice(0, 8)}…3dda id=c6b25029…0d44`
    const trust_zone = zoneOf(telling, undefined, 'management-api')
    const labels = {
      gateway: telling.gateway,
      trust_zone,
      engine: 'openclaw-rpc',
      policy: 'missing_scope',
      decision: 'deny',
      source_zone: 'unattributed',
      destination_zone: trust_zone,
    }
    const said = { series: seriesName('clawtrust_policy_decisions_total', labels), count: 1 + repeats }
    return [line(telling, 'alone', said, { text, level: 'INFO' })]
  },
  'a success, of which another stream tells': telling => {
    const text = `authenticated user connected conn=${telling.connection} user=kim@example.org`
    return [line(telling, 'alone', undefined, { text, level: 'INFO' })]
  },
  'nothing of note': telling => {
    const text = `health check ${'.'.repeat(40)}`
    return [line(telling, 'alone', undefined, { text, subsystem: 'gateway', level: 'INFO' })]
  },
} as const satisfies Record<string, (telling: Telling) => readonly Line[]>

export type StoryName = keyof typeof stories
export const storyNames = Object.keys(stories) as StoryName[]

/** Metrics whose series must be the truth, whatever their labels. */
export const metricsOfStories = [
  'clawtrust_auth_failures_total',
  'clawtrust_auth_lockouts_total',
  'clawtrust_auth_successes_total',
  'clawtrust_posture_drifts_total',
  'clawtrust_policy_decisions_total',
  'clawtrust_mtls_handshake_failures_total',
] as const

export function tell(
  story: StoryName,
  caller: Pick<Caller, 'gateway' | 'connection'>,
  random: Random,
): readonly Line[] {
  return stories[story]({ ...caller, address: pick(random, addresses), random })
}
