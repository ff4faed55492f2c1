import { MINUTE_MS } from '../../../../core/clock.ts'
import type { SignalName } from '../../../../core/signals.ts'
import { reporters } from '../../../../exporter/sources/reporters.ts'
import type { EventView, PageModel, SignalView, SourceView } from '../../../../exporter/web/page/model.ts'
import { type Coverage, coverageOf } from '../../../../exporter/web/signal-coverage/coverage.ts'
import type { Tally } from '../../../../exporter/web/stats/tally.ts'
import type { MinuteMark, MinuteView } from '../../../../exporter/web/stats/zone-hour.ts'
import { sampleOffenders } from './sample-offenders.ts'

type Random = () => number

export const sampleNow = Date.UTC(2026, 10, 22, 3, 7, 42)
const hourStart = Math.floor(sampleNow / MINUTE_MS) * MINUTE_MS - 59 * MINUTE_MS

/** Small and seeded (mulberry32): the same sample on every machine. */
function randomFrom(seed: number): Random {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A Poisson count by Knuth's product of uniforms; means up to about 100. */
function poisson(mean: number, random: Random): number {
  const limit = Math.exp(-mean)
  let product = random()
  let count = 0
  while (product > limit) {
    product *= random()
    count += 1
  }
  return count
}

export interface Course {
  readonly mean: (minute: number) => number
  readonly mark?: (minute: number) => MinuteMark
}

export function minutesOf(course: Course, random: Random = randomFrom(1)): MinuteView[] {
  return Array.from({ length: 60 }, (_, minute) => {
    const mark = course.mark?.(minute) ?? (minute === 59 ? 'open' : 'complete')
    const count = mark === 'unknown' ? 0 : poisson(course.mean(minute), random)
    return { start: hourStart + minute * MINUTE_MS, count, mark }
  })
}

/** A hand-made signal for one case of a test; steady and known unless given otherwise. */
export function signalOf(signal: SignalName, parts: Partial<SignalView> = {}): SignalView {
  const none = { reasons: [], gateways: [], otherGateways: 0, shared: 0, synthetic: false }
  return { signal, minutes: minutesOf({ mean: () => 0 }), ...none, ...parts }
}

function shares(total: number, names: readonly (readonly [string, number])[]): Tally[] {
  return names.map(([name, share]) => ({ name, count: Math.round(total * share) })).filter(({ count }) => count > 0)
}

interface Sketch extends Course {
  readonly signal: SignalName
  readonly usual: number
  readonly reasons: readonly (readonly [string, number])[]
  readonly gateways: readonly (readonly [string, number])[]
  readonly synthetic?: boolean
}

function signalFrom(sketch: Sketch, random: Random): SignalView {
  const minutes = minutesOf(sketch, random)
  const total = minutes.reduce((sum, { count }) => sum + count, 0)
  return {
    signal: sketch.signal,
    minutes,
    usualPerHour: sketch.usual,
    reasons: shares(total, sketch.reasons),
    gateways: shares(total, sketch.gateways),
    otherGateways: 0,
    shared: 0,
    synthetic: sketch.synthetic ?? false,
  }
}

const flood = (quiet: number, level: number) => (minute: number) =>
  minute < 38 ? quiet : level * (1 - 0.5 * Math.exp((38 - minute) / 3))
const flat = (mean: number) => () => mean
const away =
  (from: number, to: number) =>
  (minute: number): MinuteMark => {
    if (minute >= from && minute < to) return 'unknown'
    return minute === 59 ? 'open' : 'complete'
  }
const edge = [
  ['gw-edge-1', 0.82],
  ['gw-edge-2', 0.18],
] as const

const agentControl: readonly Sketch[] = [
  {
    signal: 'auth_failures',
    mean: flood(0.25, 24),
    usual: 14,
    reasons: [
      ['token_mismatch', 0.91],
      ['pairing-required', 0.06],
      ['origin-mismatch', 0.03],
    ],
    gateways: edge,
  },
  {
    signal: 'auth_lockouts',
    mean: minute => (minute < 42 ? 0 : 7),
    usual: 0,
    reasons: [['shared_secret', 1]],
    gateways: [['gw-edge-1', 1]],
  },
  {
    signal: 'auth_successes',
    mean: flat(1.8),
    usual: 104,
    reasons: [
      ['device_token', 0.7],
      ['tailscale', 0.3],
    ],
    gateways: edge,
  },
  { signal: 'policy_decisions', mean: flat(0.5), usual: 28, reasons: [['deny missing_scope', 1]], gateways: edge },
]
const managementApi: readonly Sketch[] = [
  {
    signal: 'posture_drifts',
    mean: minute => (minute > 44 && minute < 52 ? 1.3 : 0),
    usual: 1,
    reasons: [
      ['scope_upgrade', 0.8],
      ['config_write', 0.2],
    ],
    gateways: [['gw-edge-1', 1]],
  },
  { signal: 'policy_decisions', mean: flat(0.2), usual: 11, reasons: [['deny missing_scope', 1]], gateways: edge },
]
const dataIngest: readonly Sketch[] = [
  {
    signal: 'auth_failures',
    mean: flat(0.4),
    mark: away(17, 26),
    usual: 22,
    reasons: [['bad_hook_token', 1]],
    gateways: [['gw-berlin', 1]],
  },
  {
    signal: 'policy_decisions',
    mean: flat(1.1),
    mark: away(17, 26),
    usual: 70,
    reasons: [
      ['deny ssrf', 0.6],
      ['deny missing_scope', 0.4],
    ],
    gateways: [['gw-berlin', 1]],
  },
]
const analytics: readonly Sketch[] = [
  {
    signal: 'policy_decisions',
    mean: flat(0.7),
    usual: 44,
    reasons: [['deny ssrf', 1]],
    gateways: [['demo-gateway', 1]],
    synthetic: true,
  },
]

function zonesOf(random: Random): PageModel['zones'] {
  const zone = (trustZone: string, sketches: readonly Sketch[], rest: readonly SignalView[]) => ({
    trustZone,
    signals: [...sketches.map(sketch => signalFrom(sketch, random)), ...rest],
  })
  const blind = signalOf('auth_successes', {
    minutes: minutesOf({ mean: flat(0), mark: () => 'unknown' }),
    blindSpot: 'No source reports successful webhook calls.',
  })
  return [
    zone('analytics', analytics, [signalOf('auth_failures'), signalOf('posture_drifts')]),
    zone('data-ingest', dataIngest, [blind]),
    zone('management-api', managementApi, [signalOf('auth_failures')]),
    zone('agent-control', agentControl, [signalOf('posture_drifts')]),
    zone('unattributed', [], [signalOf('auth_failures'), signalOf('policy_decisions')]),
  ]
}

const eventKinds: readonly Pick<
  EventView,
  'signal' | 'severity' | 'reason' | 'trustZone' | 'gateway' | 'source' | 'synthetic'
>[] = [
  {
    signal: 'auth_failures',
    severity: 'medium',
    reason: 'token_mismatch',
    trustZone: 'agent-control',
    gateway: 'gw-edge-1',
    source: 'openclaw-log',
    synthetic: false,
  },
  {
    signal: 'auth_lockouts',
    severity: 'high',
    reason: 'rate_limited',
    trustZone: 'agent-control',
    gateway: 'gw-edge-1',
    source: 'openclaw-log',
    synthetic: false,
  },
  {
    signal: 'auth_failures',
    severity: 'medium',
    reason: 'token_mismatch',
    trustZone: 'agent-control',
    gateway: 'gw-edge-1',
    source: 'openclaw-log',
    synthetic: false,
  },
  {
    signal: 'posture_drifts',
    severity: 'high',
    reason: 'scope_upgrade',
    trustZone: 'management-api',
    gateway: 'gw-edge-1',
    source: 'openclaw-log',
    synthetic: false,
  },
  {
    signal: 'policy_decisions',
    severity: 'low',
    reason: 'deny ssrf',
    trustZone: 'analytics',
    gateway: 'demo-gateway',
    source: 'demo',
    synthetic: true,
  },
]

function eventsOf(random: Random, length: number): EventView[] {
  let time = sampleNow
  return Array.from({ length }, (_, index) => {
    time -= Math.round(500 + random() * 6000)
    const kind = eventKinds[index % eventKinds.length] as (typeof eventKinds)[number]
    return {
      ...kind,
      time,
      count: kind.signal === 'auth_failures' ? 1 + Math.floor(random() * 3) : 1,
      address: index % 4 === 3 ? '198.51.100.23' : '203.0.113.50',
      addressTrusted: index % 3 !== 2,
      ...(kind.signal === 'posture_drifts' ? { device: '4f1c9be2a07d', identity: 'operator' } : {}),
    }
  })
}

const sources: readonly SourceView[] = [
  {
    name: 'openclaw-log',
    kind: 'file',
    synthetic: false,
    backlogUnit: 'bytes',
    up: true,
    lag: 1400,
    lastEvent: sampleNow - 900,
    backlog: 0,
    events: 18_422,
    undecoded: [
      { name: 'skipped', count: 1_204_311 },
      { name: 'unknown_template', count: 3 },
    ],
    lost: 0,
  },
  {
    name: 'berlin-file',
    kind: 'file',
    synthetic: false,
    backlogUnit: 'bytes',
    up: false,
    reason: '/var/log/openclaw-berlin: permission denied; let the user that runs clawtrust read it.',
    lag: 34 * MINUTE_MS,
    lastEvent: sampleNow - 34 * MINUTE_MS,
    backlog: 48_234_496,
    events: 2_113,
    undecoded: [{ name: 'skipped', count: 90_412 }],
    lost: 0,
  },
  {
    name: 'demo',
    kind: 'recording',
    synthetic: true,
    backlogUnit: 'bytes',
    up: true,
    lag: 0,
    lastEvent: sampleNow - 8000,
    events: 612,
    undecoded: [],
    lost: 0,
  },
]

/** A gateway's log that is read, and a proxy's that is down. */
export function sampleCoverage(): Coverage {
  const event = (signal: SignalName, dialect: string, minutesAgo: number) => {
    return {
      source: 'edge-file',
      dialect,
      signal,
      trustZone: 'agent-control',
      time: sampleNow - minutesAgo * MINUTE_MS,
    }
  }
  return coverageOf({
    reporters,
    trustZones: ['lab'],
    sources: [
      {
        name: 'edge-file',
        up: true,
        isRecognised: true,
        dialects: new Map([['openclaw-file', new Set()]]),
        lastEvents: [event('auth_failures', 'openclaw-file', 1), event('auth_lockouts', 'openclaw-file', 90)],
        incomplete: [],
      },
      {
        name: 'nginx',
        up: false,
        reason: 'No permission to read /var/log/nginx/openclaw-access.log; grant it to the user of clawtrust.',
        isRecognised: undefined,
        dialects: new Map(),
        lastEvents: [],
        incomplete: [],
      },
    ],
  })
}

/** A deployment in the middle of a night with an attack on agent-control, a source that is away, and the demo beside. */
export function sampleModel(seed = 7): PageModel {
  const random = randomFrom(seed)
  return {
    version: '0.1.0',
    now: sampleNow,
    readiness: { ready: true },
    notes: ['The demo is synthetic: the gateway demo-gateway and everything marked “demo” are not evidence.'],
    sources,
    coverage: sampleCoverage(),
    gateways: [
      { name: 'gw-edge-1', synthetic: false, ports: [18789], lastEvent: sampleNow - 900 },
      { name: 'gw-edge-2', synthetic: false, ports: [18789, 18999], lastEvent: sampleNow - 41_000 },
      { name: 'gw-berlin', synthetic: false, ports: [18789], lastEvent: sampleNow - 34 * MINUTE_MS },
      { name: 'demo-gateway', synthetic: true, ports: [18789], lastEvent: sampleNow - 8000 },
    ],
    gatewayCount: 4,
    zones: zonesOf(random),
    events: eventsOf(random, 12),
    offenders: sampleOffenders,
  }
}

/** A process that has just started and was given nothing. */
export function emptyModel(): PageModel {
  return {
    version: '0.1.0',
    now: sampleNow,
    readiness: { ready: true },
    notes: [],
    sources: [],
    coverage: coverageOf({ sources: [], reporters, trustZones: [] }),
    gateways: [],
    gatewayCount: 0,
    zones: [],
    events: [],
    offenders: [],
  }
}
