import { composeLine } from '../../../decoding/dialects/openclaw-log/compose-line.ts'
import { demoNeighbours } from './demo-neighbours.ts'
import { demoSecurityEvents } from './demo-security-events.ts'
import { ADDRESS, createMoment, type Moment } from './moment.ts'

/** Numbers of the captured lines, by what they report. */
const captured = {
  wrongToken: [14, 15],
  noDeviceIdentity: [16],
  badSignature: [18],
  staleSignature: [19],
  nonceMismatch: [20],
  notPaired: [22],
  wrongDeviceToken: [23, 24],
  foreignOrigin: [25],
  oldProtocol: [27, 28],
  noHandshake: [29],
  invalidRole: [33],
  pairingScopeMissing: [35],
  adminScopeMissing: [36],
  lockedOut: [38, 39],
  hookThrottled: [40],
  pairingApproved: [42],
  scopeUpgrade: [43, 44],
  roleUpgrade: [45, 46],
  metadataUpgrade: [47, 48],
  tokenRotated: [50],
  tokenRevoked: [51],
  commandsWithheld: [56],
  fetchBlocked: [57, 58],
  configReloaded: [76, 77, 78],
  configAnomaly: [82, 83],
  wrongPassword: [93, 94],
  configPatched: [108],
  writesLimited: [131, 132],
} as const satisfies Record<string, readonly number[]>

const HOST = 'demo'
const NOON = Date.parse('2026-11-22T12:00:00Z')

/** What the capture does not hold, composed from the gateway's templates. */
const composed = {
  /** An identity provider in front, as a pipeline stores it in the Elastic Common Schema. */
  signedOnAtProvider: JSON.stringify({
    event: { category: ['authentication'], type: ['start'], outcome: 'success' },
    ts: new Date(NOON).toISOString(),
    user: { name: 'operator' },
    source: { ip: ADDRESS },
  }),
  passwordSprayed: proxied({ status: '401', remote_user: '6f1d2a9e-77b0-4c5e-9d11-3c1a5e0b7d42' }),
  certificateShown: proxied({
    status: '101',
    ssl_client_verify: 'SUCCESS',
    ssl_client_s_dn: 'CN=agent-7,O=demo',
    ssl_client_v_end: 'Mar  1 12:00:00 2034 GMT',
  }),
  otherCertificateShown: proxied({
    status: '101',
    ssl_client_verify: 'SUCCESS',
    ssl_client_s_dn: 'CN=laptop-3,O=demo',
    ssl_client_v_end: 'Sep 15 12:00:00 2031 GMT',
  }),
  certificateMissing: proxied({ status: '400' }),
  certificateExpired: proxied({ status: '400', ssl_client_verify: 'FAILED:certificate has expired' }),
  certificateForeign: proxied({ status: '400', ssl_client_verify: 'FAILED:self-signed certificate' }),
  searchRouteBlocked: line(
    'gateway/plugins',
    'WARN',
    'plugin http route blocked without gateway auth (/openclaw-logs/_search)',
  ),
  modelRouteBlocked: line('gateway/plugins', 'WARN', 'plugin http route blocked without gateway auth (/v1/embeddings)'),
  hookRouteBlocked: line('gateway/plugins', 'WARN', 'plugin http route blocked without gateway auth (/hooks/deploy)'),
  execDenied: line('', 'ERROR', '[tools] exec failed: exec denied: allowlist miss raw_params={"command":"curl"}'),
  egressAllowed: line('secrets/egress-proxy', 'INFO', 'secret egress request', {
    outcome: 'allowed',
    host: 'api.example.com',
  }),
  egressDenied: line('secrets/egress-proxy', 'WARN', 'secret egress request', {
    reason: 'host-not-allowed',
    host: 'paste.example.net',
  }),
  toolBlocked: line(
    'agents/tool-policy',
    'INFO',
    'sandbox tool policy blocked exec via tools.sandbox.tools.deny; matched exec',
    {
      tool: 'exec',
      ruleKind: 'deny',
      configKey: 'tools.sandbox.tools.deny',
      matchedRule: 'exec',
    },
  ),
  /** What a scheduler ships of `openclaw security audit --json`. */
  postureAudited: JSON.stringify({
    ts: new Date(NOON).toISOString(),
    summary: { critical: 0, warn: 1, info: 1 },
    findings: [
      { checkId: 'summary.attack_surface', severity: 'info', title: 'Attack surface summary' },
      {
        checkId: 'hooks.allowed_agent_ids_unrestricted',
        severity: 'warn',
        title: 'Hook agent routing allows any configured agent',
      },
    ],
    secretDiagnostics: [],
  }),
  /** The same of `openclaw status --json`. */
  versionReported: JSON.stringify({
    ts: new Date(NOON).toISOString(),
    runtimeVersion: '2026.9.6',
    updateChannel: 'stable',
    updateChannelSource: 'default',
    gatewayService: {},
  }),
} as const satisfies Record<string, string>

/** Those of several lines, or of other programs. */
const written = { ...demoSecurityEvents, ...demoNeighbours }

export type DemoMomentName = keyof typeof captured | keyof typeof composed | keyof typeof written
export type DemoMoments = Readonly<Record<DemoMomentName, Moment>>

/** Everything that happens in the demo, by name. Callers come from `ADDRESS`, straight to the gateway's port. */
export function createDemoMoments(lines: readonly string[]): DemoMoments {
  const moments: Partial<Record<DemoMomentName, Moment>> = {}
  for (const [name, numbers] of Object.entries(captured) as [keyof typeof captured, readonly number[]][]) {
    moments[name] = createMoment(numbers.map(number => withoutProxy(lines[number - 1] ?? '')))
  }
  for (const [name, text] of Object.entries(composed) as [keyof typeof composed, string][]) {
    moments[name] = createMoment([text])
  }
  for (const [name, texts] of Object.entries(written)) {
    moments[name as keyof typeof written] = createMoment(texts)
  }
  return moments as DemoMoments
}

function line(
  subsystem: string,
  level: 'INFO' | 'WARN' | 'ERROR',
  text: string,
  meta?: Record<string, string>,
): string {
  return composeLine({ subsystem, level, text, time: NOON, host: HOST, ...(meta === undefined ? {} : { meta }) })
}

/**
 * A line of nginx in front of the gateway (deploy/nginx); what is not given is that of a client without a certificate.
 */
function proxied(fields: Readonly<Record<string, string>>): string {
  return JSON.stringify({
    time: new Date(NOON).toISOString().replace('Z', '+00:00'),
    remote_addr: ADDRESS,
    request: 'GET / HTTP/1.1',
    ssl_protocol: 'TLSv1.3',
    ssl_client_verify: 'NONE',
    ...fields,
  })
}

const rewrites: readonly (readonly [RegExp, string])[] = [
  [/"forwardedFor":"[^"]*",/g, ''],
  [/fwd=\S+/g, 'fwd=n/a'],
  [/127\.0\.0\.1:(\d+)->127\.0\.0\.1:1899[89]/g, `${ADDRESS}:$1->192.0.2.10:18999`],
  [/"remoteAddr":"127\.0\.0\.1"/g, `"remoteAddr":"${ADDRESS}"`],
  [/"localAddr":"127\.0\.0\.1"/g, '"localAddr":"192.0.2.10"'],
  [/ remote=127\.0\.0\.1/g, ` remote=${ADDRESS}`],
  [/127\.0\.0\.1:1899[89]/g, '192.0.2.10:18999'],
  [/"localPort":18998/g, '"localPort":18999'],
  [/ ip=\S+/g, ` ip=${ADDRESS}`],
  [/throttled for \S+;/g, `throttled for ${ADDRESS};`],
  [/"hostname":"vm"/g, `"hostname":"${HOST}"`],
]

/** The same line from a gateway that clients reach without a proxy in between. */
function withoutProxy(captured: string): string {
  return rewrites.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), captured)
}
