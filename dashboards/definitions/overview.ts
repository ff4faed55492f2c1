import { type DashboardDefinition, domainVariables } from '../dashboard.ts'
import { oneIsGood, scoreSteps, zeroIsGood } from '../panel.ts'
import { domainSelector, greatest, ofJob } from '../promql.ts'

const score = domainSelector('clawtrust_anomaly_score')

export const overview: DashboardDefinition = {
  name: 'overview',
  title: 'Overview',
  description: 'Which trust zone is strange, what alerts are open, and whether all of it is seen.',
  variables: domainVariables,
  panels: [
    {
      kind: 'stat',
      title: 'Highest score',
      description: 'The strangest series of the newest minute, 0 to 100. From 50 on, look at its lane below.',
      unit: 'none',
      span: 6,
      steps: scoreSteps,
      queries: [{ expr: `max(${score})` }],
    },
    {
      kind: 'stat',
      title: 'Active anomalies',
      description: 'Series that are strange for long enough, and nobody has said that it is fine.',
      unit: 'short',
      span: 6,
      steps: zeroIsGood,
      queries: [
        { expr: `sum(${greatest('gateway, trust_zone, signal', domainSelector('clawtrust_anomaly_active'))})` },
      ],
    },
    {
      kind: 'stat',
      title: 'Sources up',
      description: 'Share of the sources that can be read. Below 100 %, what is missing is blind: see Exporter health.',
      unit: 'percentunit',
      span: 6,
      steps: oneIsGood,
      queries: [{ expr: `avg(${greatest('source', `clawtrust_source_up{${ofJob}}`)})` }],
    },
    {
      kind: 'stat',
      title: 'Scored series',
      description: 'Series with a score, of those that are learnt. A series needs 720 minutes before it has one.',
      unit: 'percentunit',
      span: 6,
      queries: [
        {
          expr: `count(${greatest('gateway, trust_zone, signal', score)}) / count(${greatest('gateway, trust_zone, signal', domainSelector('clawtrust_anomaly_samples_seen'))})`,
        },
      ],
    },
    {
      kind: 'lanes',
      title: 'Trust map',
      description:
        'Score of every signal of every trust zone over time. A click on a cell leads to what the score rests on.',
      unit: 'none',
      span: 24,
      steps: scoreSteps,
      queries: [{ expr: greatest('trust_zone, signal', score), legend: '{{trust_zone}} {{signal}}' }],
      link: {
        title: 'Explain this series',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana puts in the variables.
        url: '/d/clawtrust-anomalies?${__url_time_range}&${datasource:queryparam}&${job:queryparam}&${gateway:queryparam}&var-trust_zone=${__field.labels.trust_zone}&var-signal=${__field.labels.signal}',
      },
    },
    {
      kind: 'table',
      title: 'Open alerts',
      description: "Clawtrust's alerts that fire now, by Prometheus. Each names its runbook in Alertmanager.",
      unit: 'none',
      span: 24,
      noValue: 'No open alerts',
      queries: [
        {
          expr: 'max by (alertname, severity, gateway, trust_zone, signal, source) (ALERTS{alertname=~"Clawtrust.+",alertstate="firing"})',
        },
      ],
    },
  ],
}
