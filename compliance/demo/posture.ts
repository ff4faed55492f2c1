import { DAY_MS, type EpochMs, HOUR_MS } from '../../core/clock.ts'
import type { Severity } from '../../core/labels/event.ts'
import type { PostureCheck } from '../../core/labels/posture-checks.ts'
import type { AcceptanceDocument, StatePosture } from '../../service/views/state-view.ts'
import { demoGateways, demoSources, devicesAt, isWithin, type Span } from './story.ts'

type Gateway = keyof typeof demoGateways

export interface DemoFinding {
  readonly gateway: Gateway
  readonly check: PostureCheck
  readonly target: string
  readonly severity: Severity
  readonly open: Span
}

const at = (text: string): EpochMs => Date.parse(`2026-${text}Z`)

const finding = (
  gateway: Gateway,
  [check, target]: readonly [PostureCheck, string],
  severity: Severity,
  [start, end = '12-31T00:00:00']: readonly [string, string?],
): DemoFinding => ({ gateway, check, target, severity, open: { start: at(start), end: at(end) } })

/** From its opening until it was corrected. */
export const demoFindings: readonly DemoFinding[] = [
  finding('edge-1', ['gateway.auth_no_rate_limit', ''], 'high', ['05-04T09:00:00', '06-17T09:00:00']),
  finding('edge-1', ['fs.log_file.perms_readable', ''], 'medium', ['05-04T09:00:00', '05-26T14:00:00']),
  finding('lab-1', ['gateway.loopback_no_auth', ''], 'critical', ['05-04T09:00:00', '07-02T10:00:00']),
  finding('lab-1', ['plugins.installs_unpinned_npm_specs', 'weather'], 'medium', ['08-03T11:00:00']),
  finding('edge-1', ['hooks.allowed_agent_ids_unrestricted', ''], 'medium', ['09-11T16:00:00']),
  finding('lab-1', ['tools.exec.security_full_configured', 'research'], 'high', ['10-19T13:00:00']),
  finding('edge-1', ['identity.unused', 'contractor-2'], 'medium', ['09-28T02:00:00', '10-13T09:00:00']),
]

const acceptances: readonly AcceptanceDocument[] = [
  {
    check: 'plugins.installs_unpinned_npm_specs',
    gateway: 'lab-1',
    who: 'd.novak',
    why: 'the plugin is of our own registry, pinned by its lock file',
    accepted: at('08-05T08:00:00'),
    until: at('12-31T00:00:00'),
  },
  {
    check: 'hooks.allowed_agent_ids_unrestricted',
    who: 'd.novak',
    why: 'until hooks have an agent of their own',
    accepted: at('09-14T08:00:00'),
    until: at('10-15T00:00:00'),
  },
]

export const openAt = (time: EpochMs): readonly DemoFinding[] => demoFindings.filter(({ open }) => isWithin(time, open))

/** The producers of snapshots, and when they ran last: every night at three, or with each event. */
export function snapshotTimes(time: EpochMs): Readonly<Record<string, EpochMs>> {
  const night = Math.floor((time - 3 * HOUR_MS) / DAY_MS) * DAY_MS + 3 * HOUR_MS
  return { 'openclaw-audit': night, 'desired-state': night, identities: night - HOUR_MS }
}

/** What the state of the exporter held of posture at a time. */
export function demoPosture(time: EpochMs): StatePosture {
  const since = demoSources.find(({ name }) => name === 'posture')?.since ?? time
  if (time < since) return { subjects: [], acceptances: [], devices: [] }
  const times = snapshotTimes(time)
  return {
    subjects: Object.entries(demoGateways).map(([gateway, { trustZone }]) => ({
      gateway,
      trustZone,
      snapshots: Object.entries(times).map(([producer, taken]) => ({
        producer,
        time: taken,
        findings: openAt(taken)
          .filter(one => one.gateway === gateway && producer === producerOf(one))
          .map(({ check, target, severity }) => ({ check, target, severity })),
      })),
    })),
    acceptances: acceptances.filter(({ accepted }) => accepted <= time),
    devices: devicesOf(time),
  }
}

const producerOf = ({ check }: DemoFinding): string => (check.startsWith('identity.') ? 'identities' : 'openclaw-audit')

function devicesOf(time: EpochMs): StatePosture['devices'] {
  const counts = devicesAt(time)
  const postures = Object.entries(counts).flatMap(([posture, count]) => Array.from({ length: count }, () => posture))
  return postures.map((posture, number) => ({
    gateway: 'edge-1',
    trustZone: demoGateways['edge-1'].trustZone,
    device: `laptop-${String(number + 1).padStart(2, '0')}`,
    posture: posture === 'unknown' ? 'trusted' : posture,
    seen: posture === 'unknown' ? time - 2 * DAY_MS : time - (number % 7) * HOUR_MS,
  }))
}
