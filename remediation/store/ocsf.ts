import type { EpochMs } from '../../core/clock.ts'

/** OCSF 1.9.0-dev: Remediation Activity (7001) and Network Remediation Activity (7004). */
const CATEGORY = 7
const REMEDIATION = 7001
const NETWORK_REMEDIATION = 7004

/** D3FEND tactics, as OCSF numbers them. */
export const activities = { isolate: 1, restore: 3, other: 99 } as const
export const statuses = { success: 1, failure: 2, other: 99 } as const
/** Of the security control profile. */
export const dispositions = {
  blocked: 2,
  approved: 8,
  restored: 9,
  no_action: 16,
  logged: 17,
  rejected: 25,
  error: 27,
} as const

export interface AuditEntry {
  readonly time: EpochMs
  readonly version: string
  readonly activity: keyof typeof activities
  readonly disposition: keyof typeof dispositions
  readonly status: keyof typeof statuses
  /** The incident, or what else the record is about. */
  readonly subject: string
  readonly message: string
  /** Set where an address is concerned. */
  readonly target?: { readonly text: string; readonly family: 4 | 6 }
  /** OCSF's severity: 1 informational to 5 critical. */
  readonly severity?: 1 | 2 | 3 | 4 | 5
  /** The evidence: alert, verdicts, policy version, command, result. */
  readonly evidence: Readonly<Record<string, unknown>>
}

/** One record of the audit trail. */
export function ocsfRecord(entry: AuditEntry, sequence: number): Readonly<Record<string, unknown>> {
  const { time, version, activity, disposition, status, subject, message, target, severity = 1, evidence } = entry
  const classUid = target === undefined ? REMEDIATION : NETWORK_REMEDIATION
  const activityId = activities[activity]
  return {
    class_uid: classUid,
    category_uid: CATEGORY,
    activity_id: activityId,
    type_uid: classUid * 100 + activityId,
    time,
    severity_id: severity,
    status_id: statuses[status],
    disposition_id: dispositions[disposition],
    command_uid: subject,
    message,
    metadata: {
      version: '1.9.0-dev',
      sequence,
      product: { name: 'clawtrust', vendor_name: 'clawtrust', version },
      profiles: ['security_control'],
    },
    ...(target === undefined ? {} : network(target)),
    ...(activityId === activities.other
      ? { activity_name: disposition }
      : { countermeasures: [{ d3f_tactic: { name: activity === 'isolate' ? 'Isolate' : 'Restore' } }] }),
    unmapped: evidence,
  }
}

function network({ text, family }: NonNullable<AuditEntry['target']>) {
  return {
    connection_info: { direction_id: 1, protocol_ver_id: family },
    // 2 is IP Address; OCSF has no observable type of its own for a network.
    observables: [{ name: 'target', type_id: 2, value: text }],
  }
}
