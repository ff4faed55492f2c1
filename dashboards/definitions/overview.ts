import { scoreSeverities } from '../../core/score-severity.ts'
import { greatest } from '../../promql/build.ts'
import { type DashboardDefinition, domainVariables } from '../dashboard.ts'
import { domainSelector, ofJob } from '../promql.ts'
import { lagSteps, oneIsGood, scoreTextSteps, zeroIsGood } from '../steps.ts'
import { flows, trustMap } from './trust-map.ts'

const SERIES = 'gateway, trust_zone, signal'
const score = domainSelector('clawtrust_anomaly_score')
const ALERT = 'alertname, severity, gateway, trust_zone, signal, source'
/** Alerts of the selected gateways and zones, and alerts without these labels. */
const firing = `max by (${ALERT}) (ALERTS{alertname=~"Clawtrust.+",alertstate="firing",gateway=~"$gateway|",trust_zone=~"$trust_zone|"})`

export const overview: DashboardDefinition = {
  name: 'overview',
  title: 'Overview',
  description: 'Anomalous trust zones, firing alerts and the state of the sources.',
  variables: domainVariables,
  annotations: [{ name: 'Alerts', color: 'red', expr: firing, text: '{{alertname}} ({{severity}}) {{trust_zone}}' }],
  panels: [
    {
      kind: 'stat',
      title: 'Highest score',
      description: `The highest score of the newest minute, 0 to 100. From ${scoreSeverities.medium}, check its lane below.`,
      unit: 'none',
      decimals: 0,
      span: 4,
      steps: scoreTextSteps,
      queries: [{ expr: `max(${score})` }],
    },
    {
      kind: 'stat',
      title: 'Active anomalies',
      description: 'Series whose scores meet the entry condition of the preset and that no feedback suppresses.',
      unit: 'short',
      span: 4,
      steps: zeroIsGood,
      queries: [{ expr: `sum(${greatest(SERIES, domainSelector('clawtrust_anomaly_active'))})` }],
    },
    {
      kind: 'stat',
      title: 'Alerts firing',
      description: 'Firing alerts of clawtrust in Prometheus; they are listed below.',
      unit: 'short',
      span: 4,
      steps: zeroIsGood,
      queries: [{ expr: `count(${firing}) or vector(0)` }],
    },
    {
      kind: 'stat',
      title: 'Sources up',
      description:
        'Share of the sources that are up. Below 100 %, events of the others are missing: see Exporter health.',
      unit: 'percentunit',
      decimals: 0,
      span: 4,
      steps: oneIsGood,
      queries: [{ expr: `avg(${greatest('source', `clawtrust_source_up{${ofJob}}`)})` }],
    },
    {
      kind: 'stat',
      title: 'Highest lag',
      description: 'Age of the watermark of the slowest source. Later events are not shown yet.',
      unit: 's',
      decimals: 0,
      span: 4,
      steps: lagSteps,
      queries: [{ expr: `max(min by (source) (clawtrust_source_lag_seconds{${ofJob}}))` }],
    },
    {
      kind: 'stat',
      title: 'Scored series',
      description:
        'Share of the learnt series that have a score. A series has no score until it has learnt 720 minutes.',
      unit: 'percentunit',
      decimals: 0,
      span: 4,
      queries: [
        {
          expr: `count(${greatest(SERIES, score)}) / count(${greatest(SERIES, domainSelector('clawtrust_anomaly_samples_seen'))})`,
        },
      ],
    },
    trustMap,
    {
      kind: 'table',
      title: 'Open alerts',
      description: 'Firing alerts of clawtrust in Prometheus. Each has a link to its runbook in Alertmanager.',
      unit: 'none',
      span: 10,
      height: 11,
      noValue: 'No open alerts',
      columns: [
        { name: 'severity', title: 'Severity', width: 90, sort: 'asc', coloured: 'severity' },
        { name: 'alertname', title: 'Alert', minWidth: 270 },
        { name: 'gateway', title: 'Gateway', width: 120 },
        { name: 'trust_zone', title: 'Trust zone', width: 120 },
        { name: 'signal', title: 'Signal', width: 150 },
        { name: 'source', title: 'Source', width: 100 },
      ],
      hidden: ['Value'],
      queries: [{ expr: firing }],
    },
    { ...flows, span: 14 },
  ],
}
