import { scoreSeverities } from '../../core/score-severity.ts'
import { greatest } from '../../promql/build.ts'
import type { PanelDefinition, Query } from '../panel.ts'
import { decisionsBefore, domainSelector, eventsInRange, peakOf } from '../promql.ts'
import { denyRateSteps, scoreSteps } from '../steps.ts'
import { explainCell, openFlow } from './links.ts'

const LANE = 'trust_zone, signal'
const SERIES = `gateway, ${LANE}`
const of = (metric: string) => peakOf(domainSelector(`clawtrust_anomaly_${metric}`))

/** The gateway whose score a lane shows: the band must be of the same gateway. */
const leading = `and on (${SERIES}) topk by (${LANE}) (1, ${greatest(SERIES, of('score'))})`

/** Values that the tooltip of a cell shows in addition to the score. */
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
  {
    refId: 'part',
    expr: greatest(`${LANE}, part`, `${of('expected_part')} ${leading}`),
    legend: '{{part}} {{trust_zone}} {{signal}}',
  },
]

export const trustMap: PanelDefinition = {
  kind: 'lanes',
  title: 'Trust map',
  description: `The highest score of each signal and trust zone, worst zone first. A score of ${scoreSeverities.high} or more has severity high, of ${scoreSeverities.critical} or more critical. Click a cell for the explanation of its score.`,
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
  title: 'Decisions between zones',
  description:
    'Allowed (left) and denied (right) in the time range, from the zone of the row to the zone of the column, coloured by the share of denials. A folded corner marks a first-seen pair. Click a pair for its decisions.',
  unit: 'short',
  decimals: 0,
  span: 24,
  steps: denyRateSteps,
  queries: [{ expr: eventsInRange('policy_decisions', PAIR) }, { refId: 'earlier', expr: decisionsBefore(PAIR) }],
  link: openFlow,
}
