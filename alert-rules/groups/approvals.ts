import { greatest, grown, held } from '../../promql/build.ts'
import type { RuleGroup } from '../rule.ts'
import { place } from '../text.ts'
import type { Values } from '../values.ts'

const grants = (within: string) =>
  `sum by (gateway, trust_zone) (${greatest('gateway, trust_zone, within', grown(`clawtrust_approval_grants_total{${within}}`, '1h'))})`

const oldest = greatest('gateway, trust_zone', held('clawtrust_approval_oldest_timestamp_seconds'))

/** Approvals that nobody answers, that are granted unread, and that their requester grants. */
export const approvals = ({ approvals: values }: Values): RuleGroup => ({
  name: 'clawtrust-approvals',
  dashboard: 'policy',
  rules: [
    {
      alert: 'ClawtrustApprovalWaiting',
      expr: `time() - ${oldest} > ${values.waiting_seconds}`,
      severity: 'warning',
      summary: 'A request for an approval is not answered.',
      description: `An agent has waited for {{ $value | humanizeDuration }} for an approval ${place}. OpenClaw ends the request after 30 minutes. Answer it, or find out why the approvers do not see it.`,
      controls: ['AC-3', 'AU-6'],
    },
    {
      alert: 'ClawtrustApprovalFatigue',
      expr: `${grants('within="5s"')} / ${grants('within!="unknown"')} >= ${values.quick_share} and ${grants('within!="unknown"')} >= ${values.grants_in_1h}`,
      severity: 'warning',
      summary: 'Approvals are granted unread.',
      description: `{{ $value | humanizePercentage }} of the approvals of the last hour were granted within 5 seconds ${place}, which is too soon to read a command. Approvers confirm by habit, or a program confirms for them: allow harmless commands by policy, and ask for the others only.`,
      controls: ['AC-3', 'AC-6', 'AT-2'],
    },
    {
      alert: 'ClawtrustSelfApproval',
      expr: `${greatest('gateway, trust_zone, subject', grown('clawtrust_self_approvals_total', '15m'))} > 0`,
      severity: 'warning',
      summary: 'An approval was granted by its requester.',
      description: `What was approved ({{ $labels.subject }}) was approved by the one that asked for it ${place}. Ask its owner; if the approval is not theirs, revoke the token of the device.`,
      controls: ['AC-5', 'AC-6', 'AU-6'],
    },
  ],
})
