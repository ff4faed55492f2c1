import { gauge, type Scenario } from './scenario.ts'

const HOUR = 3_600
const DAY = 86_400
/** Seconds since 1970 at which promtool looks: its time begins at 0. */
const LOOKED_AT = 24 * 60

/** Reports: made, whole, delivered, and what is accepted until a day. */
export const complianceScenarios: readonly Scenario[] = [
  {
    alert: 'ClawtrustReportOverdue',
    shapes: [
      {
        series: 'clawtrust_compliance_report_due_timestamp_seconds',
        kind: 'age',
        good: 60,
        near: 6 * HOUR - 600,
        bad: 7 * HOUR,
      },
    ],
    labels: {},
    value: '7h 0m 0s',
    firesAfter: 10,
    resolvesAfter: 10,
  },
  gauge('ClawtrustReportUndelivered', 'clawtrust_compliance_pending_deliveries', {}, { state: 'dead' }, [0, 0, 2], '2'),
  gauge('ClawtrustReportIncomplete', 'clawtrust_compliance_store_read', { store: 'elasticsearch' }, {}, [1, 1, 0]),
  {
    alert: 'ClawtrustExceptionExpiring',
    shapes: [
      {
        series: 'clawtrust_compliance_exception_expiry_timestamp_seconds{control="nist-sp-800-53/AC-7"}',
        kind: 'gauge',
        good: 60 * DAY,
        near: LOOKED_AT + 14 * DAY + 600,
        bad: LOOKED_AT + 13 * DAY,
      },
    ],
    labels: { control: 'nist-sp-800-53/AC-7' },
    value: '13d 0h 0m 0s',
    firesAfter: 5,
    resolvesAfter: 5,
  },
]
