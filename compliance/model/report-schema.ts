import { z } from 'zod'
import { Fault } from '../../core/errors.ts'
import { controlStatuses, evidenceStores, pillars } from '../../core/labels/compliance.ts'
import type { Json } from '../../service/state/state.ts'
import { exceptionStates } from '../controls/exceptions.ts'
import type { Report } from './report.ts'

/** Reads a report that was written as JSON: by us, or by an attacker who wants it to be taken for ours. */
export function readReport(json: unknown): Report {
  const result = reportSchema.safeParse(json)
  // The value itself: what is checked is not changed, and keys such as `__proto__` stay keys.
  if (result.success) return json as Report
  const [issue] = result.error.issues
  const path = ['', ...(issue?.path ?? [])].join('/')
  throw new Fault(`it is not a report of version 1: the value at ${path || 'its root'} is missing or of another type`)
}

const text = z.string()
const amount = z.number().nullable()
const count = z.number().int().nonnegative()

/** Plain data of any form: it came from JSON. */
const json = z.custom<Json>(value => value !== undefined)

/** ISO 8601 in UTC with milliseconds, as `Date` writes it, of a time that OSCAL can hold. */
const time = z.string().refine(written => {
  const at = /^2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(written) ? Date.parse(written) : Number.NaN
  return !Number.isNaN(at) && new Date(at).toISOString() === written
})

const gap = z.strictObject({ of: text, start: time, end: time, reason: text })
const spread = z.strictObject({ median: z.number(), p95: z.number(), count })

const test = z.strictObject({
  id: text,
  title: text,
  outcome: z.enum(['pass', 'fail', 'unknown']),
  reason: text,
  evidence: text,
  value: amount,
  unit: text,
  expected: text,
  threshold: z.strictObject({ bound: z.enum(['at_most', 'at_least']), value: z.number() }),
  parameter: text,
  freshness: amount,
  newest: time.nullable(),
  telemetry: z.array(z.strictObject({ observer: text, share: amount })),
  telemetryShare: z.number(),
})

const control = z.strictObject({
  id: text,
  framework: text,
  control: text,
  title: text,
  pillar: z.enum(pillars),
  status: z.enum(controlStatuses),
  reason: text,
  since: text,
  tests: z.array(test),
  cannotProve: z.array(text),
  manual: text,
  objectives: z.array(text),
  remedy: text,
})

const evidence = z.strictObject({
  id: text,
  kind: text,
  title: text,
  store: z.enum(evidenceStores),
  address: text,
  request: json,
  query: json,
  index: text,
  window: z.strictObject({ start: time, end: time }),
  result: json,
  count,
  value: amount,
  unit: text,
  newest: time.nullable(),
  byZone: z.record(z.string(), z.number()),
  distribution: z.array(z.strictObject({ start: time, value: amount })),
  samples: z.array(text),
  gaps: z.array(gap),
  sha256: text,
  fault: text,
})

const reportSchema = z.strictObject({
  version: z.literal(1),
  id: z.uuid(),
  title: text,
  organisation: text,
  synthetic: z.boolean(),
  period: z.strictObject({ name: text, start: time, end: time, timeZone: text }),
  generatedAt: time,
  generator: z.strictObject({ name: z.literal('clawtrust'), version: text }),
  frameworks: z.array(z.strictObject({ id: text, title: text, version: text, source: text, sha256: text })),
  stores: z.array(
    z.strictObject({
      store: z.enum(evidenceStores),
      address: text,
      state: z.enum(['read', 'partial', 'unreachable', 'absent', 'not_asked']),
      detail: text,
    }),
  ),
  coverage: z.strictObject({
    share: amount,
    sources: z.array(
      z.strictObject({
        name: text,
        observer: text,
        state: z.enum(['seen', 'gaps', 'never']),
        share: amount,
        lastEvent: time.nullable(),
      }),
    ),
    gaps: z.array(gap),
  }),
  controls: z.array(control),
  evidence: z.array(evidence),
  changes: z.strictObject({
    newlyFailing: z.array(text),
    fixed: z.array(text),
    stillFailing: z.array(text),
    newlyUnknown: z.array(text),
    newlyKnown: z.array(text),
    added: z.array(text),
    removed: z.array(text),
    byZone: z.array(z.strictObject({ trustZone: text, title: text, before: z.number(), now: z.number() })),
  }),
  trend: z.array(z.strictObject({ period: text, counts: z.record(z.enum(controlStatuses), count), coverage: amount })),
  remediation: z
    .strictObject({
      incidents: count,
      proposed: count,
      enforced: count,
      observed: count,
      expired: count,
      rolledBack: count,
      falseBlocks: count,
      timeToDetect: spread.nullable(),
      timeToDecide: spread.nullable(),
      timeToContain: spread.nullable(),
      chain: z.strictObject({ verified: z.boolean(), head: text, records: count, detail: text }),
    })
    .nullable(),
  exceptions: z.array(
    z.strictObject({
      control: text,
      owner: text,
      reason: text,
      expires: text,
      state: z.enum(exceptionStates),
    }),
  ),
  risks: z.array(
    z.strictObject({
      control: text,
      title: text,
      status: z.enum(['fail', 'unknown']),
      severity: z.enum(['low', 'medium', 'high']),
      statement: text,
      remedy: text,
      since: text,
    }),
  ),
  previous: z.strictObject({ period: text, id: text }).nullable(),
  redacted: z.boolean(),
}) satisfies z.ZodType<Report>
