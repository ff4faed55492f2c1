import { type DashboardDefinition, domainVariables } from '../dashboard.ts'
import { scoreSteps } from '../panel.ts'
import { domainSelector, greatest } from '../promql.ts'

const ONE = 'gateway, trust_zone, signal'
const of = (metric: string) => domainSelector(`clawtrust_anomaly_${metric}`, 'signal=~"$signal"')
const series = (metric: string) => greatest(ONE, of(metric))
const named = (what: string) => `${what} {{gateway}} {{trust_zone}} {{signal}}`

export const anomalies: DashboardDefinition = {
  name: 'anomalies',
  title: 'Anomalies',
  description: 'Explains one series: choose its gateway, trust zone and signal.',
  variables: [
    ...domainVariables,
    {
      name: 'signal',
      label: 'Signal',
      query: 'label_values(clawtrust_anomaly_samples_seen{job=~"$job"}, signal)',
    },
  ],
  panels: [
    {
      kind: 'timeseries',
      title: 'Score',
      description:
        'How strange each minute is, 0 to 100, on the same scale for every series. A score is never rewritten.',
      unit: 'none',
      span: 24,
      steps: scoreSteps,
      queries: [{ expr: series('score'), legend: named('') }],
    },
    {
      kind: 'timeseries',
      title: 'Observed against expected',
      description: 'Events of each minute, what was expected, and the band in which 98 of 100 minutes lie.',
      unit: 'short',
      span: 24,
      height: 10,
      queries: ['observed', 'expected', 'lower', 'upper'].map(what => ({ expr: series(what), legend: named(what) })),
    },
    {
      kind: 'timeseries',
      title: 'What speaks',
      description: 'Part of each view in the surprise; told while the score is at least 30 or the series active.',
      unit: 'percentunit',
      span: 12,
      noValue: 'No score of 30 or more in this time',
      queries: [{ expr: greatest(`${ONE}, view`, of('contribution')), legend: '{{view}} {{signal}}' }],
    },
    {
      kind: 'state',
      title: 'Active',
      description: 'When the series was active: strange for long enough, and nobody had said that it is fine.',
      unit: 'none',
      span: 12,
      steps: [
        { value: null, color: 'transparent' },
        { value: 1, color: 'red' },
      ],
      queries: [{ expr: series('active'), legend: named('') }],
    },
    {
      kind: 'table',
      title: 'Learnt minutes',
      description: 'What the score rests on: minutes that each series has learnt. Below 720 it has no score.',
      unit: 'short',
      span: 24,
      queries: [{ expr: series('samples_seen') }],
    },
  ],
}
