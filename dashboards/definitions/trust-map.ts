import { scoreSeverities } from '../../core/score-severity.ts'
import { greatest } from '../../promql/build.ts'
import type { PanelDefinition, Query } from '../panel.ts'
import { decisionsBefore, domainSelector, eventsInRange, peakOf } from '../promql.ts'
import { denyRateSteps, scoreSteps } from '../steps.ts'
import { explainCell, openFlow } from './links.ts'

const LANE = 'trust_zone, signal'
const SERIES = `gateway, ${LANE}`
const of = (metric: string) => peakOf(domainSelector(`clawtrust_anomaly_${metric}`))

/** The gateway whose score a lane shows: the band must be that of the same one. */
const leading = `and on (${SERIES}) topk by (${LANE}) (1, ${greatest(SERIES, of('score'))})`

/** What a cell's tooltip tells beside the score. */
const companions: readonly Query[] = [
  ...['observed', 'expected', 'lower', 'upper'].map(role => ({
    refId: role,
    expr: greatest(LANE, `${of(role)} ${leading}`),
    legend: `${role} {{trust_zone}} {{signal}}`,
  })),
  {
    refId: 'contribution',
    expr: greatest(`${LANE}, view`, `${of('contribution')} ${leading}`),
    legend: '{{view}} {{trust_zone}} {{signal}}',
  },
]

export const trustMap: PanelDefinition = {
  kind: 'lanes',
  title: 'Trust map',
  description: `The highest score of every signal of every trust zone, the worst zone first. ${scoreSeverities.high} and more is anomalous, ${scoreSeverities.critical} and more is critical. Click a cell for what its score rests on.`,
  unit: 'none',
  decimals: 0,
  span: 24,
  steps: scoreSteps,
  queries: [{ expr: greatest(LANE, of('score')), legend: '{{trust_zone}} {{signal}}' }, ...companions],
  link: explainCell,
}

const PAIR = 'source_zone, destination_zone, decision'

export const flows: PanelDefinition = {
  kind: 'flows',
  title: 'Decisions from zone to zone',
  description:
    'Allowed (left) and denied (right) in the shown time, from the zone of the row to that of the column, coloured by the share of denials. A folded corner marks a pair that was never seen before. A click opens the decisions of the pair.',
  unit: 'short',
  decimals: 0,
  span: 24,
  steps: denyRateSteps,
  queries: [{ expr: eventsInRange('policy_decisions', PAIR) }, { refId: 'earlier', expr: decisionsBefore(PAIR) }],
  link: openFlow,
}
