import { scoreSeverities } from '../../core/score-severity.ts'
import { greatest } from '../../promql/build.ts'
import { type DashboardDefinition, domainVariables } from '../dashboard.ts'
import { domainSelector } from '../promql.ts'
import { scoreTextSteps } from '../steps.ts'
import { explainRow } from './links.ts'

const ONE = 'gateway, trust_zone, signal'
const of = (metric: string) => domainSelector(`clawtrust_anomaly_${metric}`, 'signal=~"$signal"')
const series = (metric: string) => greatest(ONE, of(metric))
/** The selected series with the highest scores in the time range; the same series at every point in it. */
const highest = (count: number, at = '') =>
  `topk(${count}, ${greatest(ONE, `max_over_time(${of('score')}[$__range]${at})`)})`
const ofHighest = (expr: string, count = 1) => `${expr} and on (${ONE}) ${highest(count, ' @ end()')}`
const name = '{{gateway}} / {{trust_zone}} / {{signal}}'

const line = (refId: string, custom: Readonly<Record<string, unknown>>) => ({
  matcher: { id: 'byFrameRefID' as const, options: refId },
  properties: Object.entries(custom).map(([id, value]) => ({ id, value })),
})
const colour = (fixedColor: string) => ({ color: { mode: 'fixed', fixedColor } })

export const anomalies: DashboardDefinition = {
  name: 'anomalies',
  title: 'Anomalies',
  description:
    'Explains the series selected by gateway, trust zone and signal; of several, the one with the highest score.',
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
      kind: 'table',
      title: 'Highest scores in the time range',
      description:
        'The selected series with the highest scores in the time range. Click a series to select it: the panels below explain the first one. A series has no score until it has learnt 720 minutes.',
      unit: 'none',
      span: 24,
      height: 7,
      decimals: 0,
      steps: scoreTextSteps,
      columns: [
        { name: 'gateway', title: 'Gateway' },
        { name: 'trust_zone', title: 'Trust zone' },
        { name: 'signal', title: 'Signal' },
        { name: 'Value #A', title: 'Highest score', width: 140, sort: 'desc', coloured: 'threshold' },
        { name: 'Value #B', title: 'Minutes learnt', width: 140, unit: 'short' },
      ],
      link: explainRow,
      queries: [{ expr: highest(10) }, { expr: `${series('samples_seen')} and on (${ONE}) ${highest(10)}` }],
    },
    {
      kind: 'lines',
      title: 'Score',
      description:
        'The anomaly score of each minute, 0 to 100, on the same scale for every series: the five series with the highest scores in the time range. A score is never rewritten.',
      unit: 'none',
      decimals: 0,
      max: 100,
      span: 24,
      queries: [{ expr: ofHighest(series('score'), 5), legend: name }],
      overrides: [line('A', { 'custom.fillOpacity': 0 })],
    },
    {
      kind: 'lines',
      title: 'Observed and expected',
      description:
        'Events per minute of the series with the highest score, the expected value, and the band that contains 98 of 100 minutes.',
      unit: 'short',
      span: 24,
      height: 10,
      queries: ['upper', 'lower', 'expected', 'observed'].map(what => ({
        refId: what,
        expr: ofHighest(series(what)),
        legend: what,
      })),
      overrides: [
        line('upper', {
          ...colour('blue'),
          'custom.lineWidth': 0,
          'custom.fillBelowTo': 'lower',
          'custom.fillOpacity': 20,
        }),
        line('lower', { ...colour('blue'), 'custom.lineWidth': 0, 'custom.fillOpacity': 0 }),
        line('expected', {
          ...colour('blue'),
          'custom.lineStyle': { fill: 'dash', dash: [6, 4] },
          'custom.fillOpacity': 0,
        }),
        line('observed', { ...colour('orange'), 'custom.fillOpacity': 0 }),
      ],
    },
    {
      kind: 'parts',
      title: 'Contributions',
      description: `Surprise of each view of the series with the highest score (4 is one in 10,000 minutes); the score is made from the largest. Exposed while the score is at least ${scoreSeverities.low} or the series is active.`,
      unit: 'none',
      decimals: 1,
      span: 14,
      noValue: `No score of ${scoreSeverities.low} or more in the time range`,
      queries: [{ expr: ofHighest(greatest(`${ONE}, view`, of('contribution'))), legend: '{{view}}' }],
    },
    {
      kind: 'state',
      title: 'Active',
      description:
        'When the five series with the highest scores were active: the scores met the entry condition of the preset, and no feedback suppressed them.',
      unit: 'none',
      span: 10,
      steps: [
        { value: null, color: 'transparent' },
        { value: 1, color: 'red' },
      ],
      queries: [{ expr: ofHighest(series('active'), 5), legend: '{{trust_zone}} / {{signal}}' }],
    },
  ],
}
