import { z } from 'zod'
import type { PolicyAnswer } from '../../core/labels/policy.ts'
import { defineEvidence, type EvidenceContext } from './kind.ts'
import { metricEvidence } from './metric.ts'
import type { Reading } from './reading.ts'
import { labelValues } from './schema.ts'
import { rounded } from './series.ts'
import { unread } from './unread.ts'

/** Counts what a candidate policy would have decided, where one is evaluated. */
const METRIC = 'clawtrust_policy_shadow_decisions_total'
const LABELS = ['policy', 'decision', 'source_zone', 'destination_zone'] as const

const schema = z
  .strictObject({
    from: z.literal('policy_shadow'),
    measure: z
      .enum(['decisions', 'denied', 'share_denied'])
      .prefault('decisions')
      .describe('How many decisions the candidate policy made, how many of them denied, or their share in percent.'),
    labels: labelValues()
      .exactOptional()
      .describe(`Only decisions with these values of ${LABELS.filter(label => label !== 'decision').join(', ')}.`),
  })
  .superRefine(({ labels = {} }, context) => {
    const known = LABELS.filter(label => label !== 'decision')
    for (const label of Object.keys(labels)) {
      if (known.some(one => one === label)) continue
      const message = `is no label that can be chosen here; known are ${known.join(', ')}`
      context.addIssue({ code: 'custom', path: ['labels', label], message })
    }
  })

type Request = z.output<typeof schema>

const words: Readonly<Record<Request['measure'], string>> = {
  decisions: 'Decisions of a candidate policy in shadow',
  denied: 'Decisions in which a candidate policy would have denied',
  share_denied: 'Share of the decisions in which a candidate policy would have denied',
}

/** What a candidate policy would have decided, before it is enforced. */
export const policyShadow = defineEvidence({
  type: 'policy_shadow',
  store: 'prometheus',
  summary: 'decisions of a candidate policy that is evaluated and not enforced',
  schema,
  sentence: ({ measure }) => words[measure],
  unit: ({ measure }) => (measure === 'share_denied' ? '%' : 'decisions'),
  async read({ measure, labels }, context) {
    if (context.stores.prometheus === undefined) {
      const reason = 'Prometheus is not configured'
      return unread({ store: 'prometheus', query: METRIC, of: METRIC, reason }, context.period)
    }
    const all = await counted({}, labels, context)
    if (measure === 'decisions' || all.value === null) return all
    const denied = await counted({ decision: DENY }, labels, context)
    // Its series begins with the first denial: none beside other decisions means zero.
    const number = denied.value ?? 0
    const value = measure === 'denied' ? number : percent(number, all.value)
    return {
      ...all,
      query: [all.query, denied.query],
      result: { decisions: all.value, denied: number },
      count: all.count,
      value,
      byZone: denied.byZone ?? {},
      distribution: (all.distribution ?? []).map(({ start, value: every }, bucket) => {
        const part = denied.distribution?.[bucket]?.value ?? 0
        return { start, value: every === null ? null : measure === 'denied' ? part : percent(part, every) }
      }),
    }
  },
})

const DENY = 'deny' satisfies PolicyAnswer

/** Nothing of nothing is no share. */
const percent = (part: number, whole: number): number | null => (whole === 0 ? null : rounded((100 * part) / whole))

const counted = (
  own: { readonly decision?: string },
  labels: Request['labels'],
  context: EvidenceContext,
): Promise<Reading> =>
  metricEvidence.read(
    { from: 'metric', metric: METRIC, measure: 'increase', by: [...LABELS], labels: { ...labels, ...own } },
    context,
  )
