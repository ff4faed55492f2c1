import { at, counter, type Scenario } from './scenario.ts'

const granted = (within: string) =>
  `clawtrust_approval_grants_total{gateway="gw-1",trust_zone="agent-control",within="${within}"}`

/** Of the alerts in alert-rules/groups/approvals.ts. */
export const approvalScenarios: readonly Scenario[] = [
  {
    alert: 'ClawtrustApprovalWaiting',
    shapes: [
      {
        series: 'clawtrust_approval_oldest_timestamp_seconds{gateway="gw-1",trust_zone="agent-control"}',
        kind: 'age',
        good: 1,
        near: 900,
        bad: 1_200,
      },
    ],
    labels: at(),
    value: '20m 0s',
    firesAfter: 5,
    resolvesAfter: 5,
  },
  {
    alert: 'ClawtrustApprovalFatigue',
    shapes: [
      { series: granted('5s'), kind: 'counter', good: 0.1, near: 0.7, bad: 0.9 },
      { series: granted('1m'), kind: 'counter', good: 0.9, near: 0.3, bad: 0.1 },
      { series: granted('unknown'), kind: 'counter', good: 1, near: 1, bad: 1 },
    ],
    labels: at(),
    value: '90%',
    firesAfter: 62,
    resolvesAfter: 62,
  },
  counter('ClawtrustSelfApproval', 'clawtrust_self_approvals_total', at({ subject: 'device' }), {}, [0, 1], 15),
]
