import { z } from 'zod'

const count = z.number().positive()
const duration = z.string().regex(/^\d+[smhd]$/)
const score = z.number().min(0).max(100)

/** The schema of values.yml. */
export const valuesSchema = z.strictObject({
  links: z.strictObject({ runbooks: z.url(), grafana: z.url() }),
  authentication: z.strictObject({
    failures_of_one_address: count,
    unknown_addresses_in_15m: count,
    failures_in_5m: count,
    lockouts_in_15m: count,
    new_entities_in_1h: count,
  }),
  transport: z.strictObject({
    handshakes_of_one_address: count,
    handshakes_in_5m: count,
    rejections_in_15m: count,
    certificate_days_left: count,
  }),
  policy: z.strictObject({ denials_in_5m: count }),
  approvals: z.strictObject({
    waiting_seconds: count,
    quick_share: z.number().positive().max(1),
    grants_in_1h: count,
  }),
  anomaly: z.strictObject({ warning: score, critical: score, keep_firing_for: duration }),
  telemetry: z.strictObject({
    lag_seconds: count,
    silence_seconds: count,
    late_events_in_15m: count,
    replica_difference_records: count,
    undecoded_share: z.number().positive().max(1),
    commit_age_seconds: count,
    threat_list_age_seconds: count,
  }),
  remediation: z.strictObject({ queue_depth: count, pending_age_seconds: count, intelligence_age_seconds: count }),
  compliance: z.strictObject({ overdue_seconds: count, exception_days_left: count }),
  freshness: z.strictObject({ stale_after_seconds: count, objective: z.number().gt(0).lt(1) }),
})

export type Values = z.output<typeof valuesSchema>
