import { z } from 'zod'
import { DAY_MS, type EpochMs, HOUR_MS } from '../../core/clock.ts'
import { duration, parsed } from '../../core/config/schema.ts'
import { severities } from '../../core/labels/event.ts'
import { postureChecks } from '../../core/labels/posture-checks.ts'

export const findingMeasures = {
  open: { words: 'Open findings that no operator has accepted', unit: 'findings' },
  accepted: { words: 'Open findings that an operator has accepted', unit: 'findings' },
  snapshots_invalid: { words: 'Posture snapshots that are too old', unit: 'snapshots' },
  devices_trusted: { words: 'Devices that meet the requirements', unit: 'devices' },
  devices_untrusted: { words: 'Devices that do not meet the requirements', unit: 'devices' },
  devices_unknown: { words: 'Devices whose posture is not known', unit: 'devices' },
} as const
export type FindingMeasure = keyof typeof findingMeasures

/** A check that does not exist finds nothing, which would be counted as zero. */
const check = () =>
  parsed(
    {
      expects: 'a check such as gateway.bind_no_auth, or the beginning of several such as sandbox.',
      placeholder: '<check>',
    },
    value => (postureChecks.some(known => isOf(value, known)) ? value : undefined),
  )

const maxAge = duration(HOUR_MS, 30 * DAY_MS)

/** It stays a text: a report holds the request as it was written, and a recheck reads it by the same schema. */
const durationText = () =>
  parsed({ expects: 'a duration from 1h to 30d, such as 1h30m', placeholder: '<duration>' }, value =>
    maxAge.safeParse(value).success ? value : undefined,
  )

export const findingsSchema = z.strictObject({
  from: z.literal('findings'),
  measure: z
    .enum(Object.keys(findingMeasures) as [FindingMeasure, ...FindingMeasure[]])
    .describe('What is counted, as it is at the end of the period.'),
  checks: z
    .array(check())
    .min(1)
    .exactOptional()
    .describe(
      'Only findings of these checks, by the ids that `clawtrust posture list` shows, or of all that begin with a text that ends with a dot or a slash, such as `sandbox.`; all by default.',
    ),
  severities: z
    .array(z.enum(severities))
    .min(1)
    .exactOptional()
    .describe('Only findings of these severities; all by default.'),
  max_age: durationText()
    .prefault('26h')
    .describe('Age from which a snapshot or a record of a device says nothing any more; as `posture.max_age`.'),
})

export type FindingsRequest = z.output<typeof findingsSchema>

/** What is measured at one time. */
export interface FindingsQuestion extends Omit<FindingsRequest, 'max_age'> {
  readonly at: EpochMs
  /** Milliseconds. */
  readonly maxAge: number
}

export const questionAt = ({ max_age, ...request }: FindingsRequest, at: EpochMs): FindingsQuestion => {
  return { ...request, at, maxAge: maxAge.parse(max_age) }
}

/** Whether a finding is one of those that are asked for. */
export const isAsked = (
  { checks, severities: some }: Pick<FindingsRequest, 'checks' | 'severities'>,
  { check, severity }: { readonly check: string; readonly severity: string },
): boolean =>
  (checks === undefined || checks.some(one => isOf(one, check))) &&
  (some === undefined || some.some(one => one === severity))

const isOf = (asked: string, check: string): boolean =>
  /[./]$/.test(asked) ? check.startsWith(asked) : check === asked
