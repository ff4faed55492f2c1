import type { PolicyAnswer } from '../../core/labels/policy.ts'
import { textOrder } from '../../core/text-order.ts'
import { isoDate, localDate } from '../../core/time/local-date.ts'
import { timestamp } from '../../service/page/words.ts'
import { createEvaluator, isExpired } from '../decide/evaluator.ts'
import type { ResolvedPolicy } from '../language/resolved.ts'
import type { PolicyDecision } from '../model/decision.ts'
import type { ObservedFlow } from '../model/observed-flow.ts'
import { spanOf } from './amounts.ts'
import { endWords } from './end-words.ts'
import { silenceGaps } from './gaps.ts'
import type { FlowHistory } from './history.ts'
import type {
  Amount,
  CoverageReport,
  FlowFinding,
  RuleReport,
  ShadowReport,
  UnknownGroup,
  ZoneCell,
} from './report-model.ts'
import { type EvidenceMinimum, evidenceOf, verdictOf } from './verdict.ts'

/** What is judged, and how. */
export interface ShadowQuestion {
  readonly candidate: ResolvedPolicy
  /** Default: what the logs say was enforced. */
  readonly against?: ResolvedPolicy | undefined
  readonly minimum: EvidenceMinimum
}

/** A flow with what the candidate decides on it. */
interface JudgedFlow extends ObservedFlow, PolicyDecision {
  readonly events: number
  /** Events that the other side lets pass and the candidate denies, and the reverse. */
  readonly newlyDenied: number
  readonly newlyAllowed: number
  readonly stillDenied: number
}

/** Judges each distinct flow once, by its events. Pure. */
export function shadowReport(history: FlowHistory, { candidate, against, minimum }: ShadowQuestion): ShadowReport {
  const { window, coverage } = history
  const today = isoDate(localDate(window.until, candidate.timeZone))
  const judged = judge(history.flows(), candidate, against, today)
  const totals = {
    allow: amountOf(judged, 'allow'),
    deny: amountOf(judged, 'deny'),
    unknown: amountOf(judged, 'unknown'),
  }
  const byRule = Map.groupBy(judged, ({ rule }) => rule)
  const rules = candidate.rules.map(({ name, expires }, position) =>
    ruleReport(name, isExpired({ expires }, today), byRule.get(position) ?? []),
  )
  const changes = changesOf(judged, candidate)
  const evidence = evidenceOf(judged, coverage.days(candidate.timeZone), minimum)
  return {
    schema: 'clawtrust-policy-shadow/1',
    policy: candidate.name,
    against: against?.name ?? null,
    window: { since: timestamp(window.since), until: timestamp(window.until) },
    today,
    verdict: verdictOf(changes.newlyDenied, totals.unknown, evidence),
    evidence,
    totals,
    changes,
    rules,
    unusedRules: rules.filter(({ flows, unknown }) => flows === 0 && unknown.flows === 0).map(({ name }) => name),
    unknown: unknownGroups(judged, candidate),
    zones: zoneCells(judged),
    coverage: coverageReport(history, candidate.timeZone),
    gaps: [...history.gaps, ...silenceGaps(coverage.silences(window))],
  }
}

function judge(
  flows: readonly ObservedFlow[],
  candidate: ResolvedPolicy,
  against: ResolvedPolicy | undefined,
  today: string,
): readonly JudgedFlow[] {
  const evaluator = createEvaluator(candidate, { today })
  const other = against && createEvaluator(against, { today })
  return flows.map(flow => {
    const { passed, denied, request } = flow
    const decision = evaluator.decide(request)
    const { answer } = decision
    const events = passed + denied
    const before = other?.decide(request).answer
    const [open, closed] = before === undefined ? [passed, denied] : before === 'deny' ? [0, events] : [events, 0]
    return {
      ...flow,
      ...decision,
      events,
      newlyDenied: answer === 'deny' ? open : 0,
      stillDenied: answer === 'deny' ? closed : 0,
      newlyAllowed: answer === 'allow' ? closed : 0,
    }
  })
}

const amountOf = (judged: readonly JudgedFlow[], answer: PolicyAnswer): Amount =>
  amount(judged.filter(flow => flow.answer === answer))

const amount = (judged: readonly JudgedFlow[], eventsOf = ({ events }: JudgedFlow) => events): Amount => {
  const found = judged.filter(flow => eventsOf(flow) > 0)
  return { flows: found.length, events: found.reduce((sum, flow) => sum + eventsOf(flow), 0) }
}

function changesOf(judged: readonly JudgedFlow[], policy: ResolvedPolicy): ShadowReport['changes'] {
  const findings = (eventsOf: (flow: JudgedFlow) => number) =>
    findingsOf(
      judged.filter(flow => eventsOf(flow) > 0),
      policy,
      eventsOf,
    )
  return {
    newlyDenied: amount(judged, flow => flow.newlyDenied),
    newlyAllowed: amount(judged, flow => flow.newlyAllowed),
    stillDenied: amount(judged, flow => flow.stillDenied),
    denied: findings(flow => flow.newlyDenied),
    allowed: findings(flow => flow.newlyAllowed),
  }
}

const MAX_TOP_SOURCES = 5
const MAX_SAMPLES = 3

function ruleReport(name: string, expired: boolean, ofRule: readonly JudgedFlow[]): RuleReport {
  const allowed = ofRule.filter(({ answer }) => answer === 'allow')
  const bySource = new Map<string, number>()
  for (const { request, events } of allowed) {
    const source = endWords(request.source)
    bySource.set(source, (bySource.get(source) ?? 0) + events)
  }
  const top = [...bySource].sort(([a, of], [b, than]) => than - of || textOrder(a, b)).slice(0, MAX_TOP_SOURCES)
  return {
    name,
    isExpired: expired,
    ...amount(allowed),
    ...spanOf(allowed),
    newlyAllowed: amount(allowed, flow => flow.newlyAllowed),
    unknown: amount(ofRule.filter(({ answer }) => answer === 'unknown')),
    sources: bySource.size,
    topSources: top.map(([source, events]) => ({ source, events })),
    samples: allowed.flatMap(({ samples }) => samples.slice(0, 1)).slice(0, MAX_SAMPLES),
  }
}

function findingsOf(
  judged: readonly JudgedFlow[],
  { rules }: ResolvedPolicy,
  eventsOf: (flow: JudgedFlow) => number,
): readonly FlowFinding[] {
  return judged
    .toSorted((a, b) => eventsOf(b) - eventsOf(a))
    .map(flow => {
      const { source, destination, port = null, transport = null, devicePosture = null } = flow.request
      return {
        source,
        destination,
        port,
        transport,
        devicePosture,
        sourceZone: flow.sourceZone,
        destinationZone: flow.destinationZone,
        events: eventsOf(flow),
        firstSeen: timestamp(flow.firstSeen),
        lastSeen: timestamp(flow.lastSeen),
        samples: flow.samples,
        rule: flow.rule === undefined ? null : (rules[flow.rule]?.name ?? null),
      }
    })
}

function unknownGroups(judged: readonly JudgedFlow[], policy: ResolvedPolicy): readonly UnknownGroup[] {
  const unknown = judged.filter(({ answer }) => answer === 'unknown')
  const groups = Map.groupBy(unknown, ({ missing }) => missing.join(' '))
  return [...groups.values()]
    .map(flows => ({
      missing: flows[0]?.missing ?? [],
      ...amount(flows),
      findings: findingsOf(flows, policy, ({ events }) => events),
    }))
    .sort((a, b) => b.events - a.events || textOrder(a.missing.join(' '), b.missing.join(' ')))
}

function zoneCells(judged: readonly JudgedFlow[]): readonly ZoneCell[] {
  const cells = new Map<string, Record<PolicyAnswer, number> & Pick<ZoneCell, 'source' | 'destination'>>()
  for (const { sourceZone: source, destinationZone: destination, answer, events } of judged) {
    const key = JSON.stringify([source, destination])
    const cell = cells.get(key) ?? { source, destination, allow: 0, deny: 0, unknown: 0 }
    cells.set(key, cell)
    cell[answer] += events
  }
  return [...cells].sort(([a], [b]) => textOrder(a, b)).map(([, cell]) => cell)
}

function coverageReport({ coverage }: FlowHistory, timeZone: string): CoverageReport {
  const hoursOfWeek = coverage.hoursOfWeek(timeZone)
  return {
    timeZone,
    sources: coverage.sources,
    hoursOfWeek,
    emptyHours: hoursOfWeek.flat().filter(records => records === 0).length,
  }
}
