import { greatest } from '../../promql/build.ts'
import { type DashboardDefinition, domainVariables } from '../dashboard.ts'
import { domainSelector, ofJob } from '../promql.ts'
import { lagSteps, oneIsGood, scoreTextSteps, zeroIsGood } from '../steps.ts'
import { flows, trustMap } from './trust-map.ts'

const SERIES = 'gateway, trust_zone, signal'
const score = domainSelector('clawtrust_anomaly_score')
const ALERT = 'alertname, severity, gateway, trust_zone, signal, source'
/** Of the chosen gateways and zones, and those that are about neither. */
const firing = `max by (${ALERT}) (ALERTS{alertname=~"Clawtrust.+",alertstate="firing",gateway=~"$gateway|",trust_zone=~"$trust_zone|"})`

export const overview: DashboardDefinition = {
  name: 'overview',
  title: 'Overview',
  description: 'Which trust zone is strange, what alerts are open, and whether all of it is seen.',
  variables: domainVariables,
  annotations: [{ name: 'Alerts', color: 'red', expr: firing, text: '{{alertname}} ({{severity}}) {{trust_zone}}' }],
  panels: [
    {
      kind: 'stat',
      title: 'Highest score',
      description: 'The strangest series of the newest minute, 0 to 100. From 50 on, look at its lane below.',
      unit: 'none',
      decimals: 0,
      span: 4,
      steps: scoreTextSteps,
      queries: [{ expr: `max(${score})` }],
    },
    {
      kind: 'stat',
      title: 'Active anomalies',
      description: 'Series that are strange for long enough, and nobody has said that it is fine.',
      unit: 'short',
      span: 4,
      steps: zeroIsGood,
      queries: [{ expr: `sum(${greatest(SERIES, domainSelector('clawtrust_anomaly_active'))})` }],
    },
    {
      kind: 'stat',
      title: 'Alerts firing',
      description: "Clawtrust's alerts that fire now, by Prometheus; they are listed below.",
      unit: 'short',
      span: 4,
      steps: zeroIsGood,
      queries: [{ expr: `count(${firing}) or vector(0)` }],
    },
    {
      kind: 'stat',
      title: 'Sources up',
      description: 'Share of the sources that can be read. Below 100 %, what is missing is blind: see Exporter health.',
      unit: 'percentunit',
      decimals: 0,
      span: 4,
      steps: oneIsGood,
      queries: [{ expr: `avg(${greatest('source', `clawtrust_source_up{${ofJob}}`)})` }],
    },
    {
      kind: 'stat',
      title: 'Behind the clock',
      description: 'How old the newest complete moment of the slowest source is. What came later is not shown yet.',
      unit: 's',
      decimals: 0,
      span: 4,
      steps: lagSteps,
      queries: [{ expr: `max(min by (source) (clawtrust_source_lag_seconds{${ofJob}}))` }],
    },
    {
      kind: 'stat',
      title: 'Scored series',
      description: 'Series with a score, of those that are learnt. A series needs 720 minutes before it has one.',
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
      description: "Clawtrust's alerts that fire now, by Prometheus. Each names its runbook in Alertmanager.",
      unit: 'none',
      span: 13,
      height: 11,
      noValue: 'No open alerts',
      columns: [
        { name: 'severity', title: 'Severity', width: 90, sort: 'asc', coloured: 'severity' },
        { name: 'alertname', title: 'Alert', width: 270 },
        { name: 'gateway', title: 'Gateway' },
        { name: 'trust_zone', title: 'Trust zone' },
        { name: 'signal', title: 'Signal' },
        { name: 'source', title: 'Source' },
      ],
      hidden: ['Value'],
      queries: [{ expr: firing }],
    },
    { ...flows, span: 11 },
  ],
}
