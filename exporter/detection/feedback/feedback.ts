import { z } from 'zod'
import { DAY_MS, type EpochMs } from '../../../core/clock.ts'
import { duration, parsed, text } from '../../../core/config/schema.ts'
import { type SignalName, signalNames } from '../../../core/signals.ts'
import { parseIsoTime } from '../../../core/time/iso-time.ts'

/** An operator's word on a series and a span of time. */
export interface Feedback {
  readonly signal: SignalName
  readonly trust_zone: string
  /** Every gateway where absent. */
  readonly gateway?: string
  readonly from: EpochMs
  /** Behind the last moment. */
  readonly to: EpochMs
  /** `mute`: no alerts are wanted. `fine`: it was anomalous and legitimate. */
  readonly verdict: 'mute' | 'fine'
  /** Until when the feedback applies. */
  readonly expires: EpochMs
  readonly note?: string
}

const MAX_SPAN = 31 * DAY_MS
const MAX_TERM = 400 * DAY_MS

/** A moment as ISO 8601 with its offset, as milliseconds. */
export const moment = () =>
  parsed({ expects: 'a time such as 2026-11-22T14:05:00Z', placeholder: '<time>' }, parseIsoTime)

/** One entry of `exporter.anomaly.feedback` and the body of `POST /api/v1/feedback`. */
export const feedbackSchema = z
  .strictObject({
    signal: z.enum(signalNames).describe('The signal, as in docs/metrics.md.'),
    trust_zone: text().describe('The trust zone.'),
    gateway: text().exactOptional().describe('The gateway; without it, all gateways.'),
    from: moment().describe('Start of the period.'),
    to: moment().describe('End of the period, at most 31 days later.'),
    verdict: z
      .enum(['mute', 'fine'])
      .describe(
        '`mute`: the series is not active in the period. `fine`: the same, and such values are normal until the feedback expires.',
      ),
    expires_after: duration(0, MAX_TERM)
      .prefault('30d')
      .describe('How long after the end of the period the feedback applies and is listed.'),
    note: z
      .string()
      .min(1)
      .max(200)
      .meta({ expects: 'text', placeholder: '<text>' })
      .exactOptional()
      .describe('The reason; shown on the page.'),
  })
  .superRefine(({ from, to }, context) => {
    if (to > from && to - from <= MAX_SPAN) return
    context.addIssue({ code: 'custom', path: ['to'], message: 'must be later than from, by at most 31 days' })
  })

export type FeedbackInput = z.output<typeof feedbackSchema>

export function feedbackOf({ expires_after, ...rest }: FeedbackInput): Feedback {
  return { ...rest, expires: rest.to + expires_after }
}
