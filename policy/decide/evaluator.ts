import type { ResolvedPolicy } from '../language/resolved.ts'
import type { PolicyDecision, PolicyEvaluator } from '../model/decision.ts'
import type { AccessRequest, RequestPart } from '../model/request.ts'
import { createConditionCompiler } from './conditions.ts'
import { rememberDecisions } from './decision-memory.ts'
import { EndView, NO_ZONE, UNCERTAIN } from './end-view.ts'
import { createNetworkClasses, networkOf } from './network-classes.ts'
import { SharedTests } from './shared-tests.ts'
import { and, FALSE, or, partsOf, TRUE, type Truth } from './truth.ts'
import { Ways } from './ways.ts'
import { createZoneFinder } from './zones.ts'

export interface EvaluatorOptions {
  /** `2026-11-30`: rules whose last day is before it allow nothing. */
  readonly today: string
}

/** Whether a rule has allowed nothing since before a day (`2026-11-30`). */
export const isExpired = ({ expires }: { readonly expires?: string | undefined }, today: string): boolean =>
  expires !== undefined && expires < today

const NO_RULE = Number.POSITIVE_INFINITY
const NOTHING: readonly RequestPart[] = []

/**
 * The reference meaning of a policy. A rule that is true allows; otherwise one that may be true makes the answer unknown;
 * otherwise it is deny.
 */
export function createEvaluator(policy: ResolvedPolicy, { today }: EvaluatorOptions): PolicyEvaluator {
  const networks = createNetworkClasses(networksIn(policy))
  const createView = (side: 'source' | 'destination') =>
    new EndView(side, policy.zones.length, networks, policy.identityLabel)
  const source = createView('source')
  const destination = createView('destination')
  const findZone = createZoneFinder(policy.zones)
  const nameOf = (zone: number) =>
    zone === NO_ZONE ? null : zone === UNCERTAIN ? 'unknown' : (policy.zones[zone]?.name ?? null)

  const compileConditions = createConditionCompiler(policy.timeZone)
  const sources = new SharedTests()
  const rules = policy.rules.map(({ from, conditions }) => {
    return { from: sources.add(from), conditions: conditions.length === 0 ? undefined : compileConditions(conditions) }
  })
  const ways = new Ways(
    policy.rules.flatMap(({ from, to, expires }, position) =>
      isExpired({ expires }, today)
        ? []
        : to.map(destination => ({ rule: position, from: sources.add(from), to: destination })),
    ),
    sources,
  )
  const missingParts = new Map<Truth, readonly RequestPart[]>()
  const missingOf = (unknown: Truth) => {
    const known = missingParts.get(unknown) ?? partsOf(unknown)
    missingParts.set(unknown, known)
    return known
  }

  /** Of each rule, whether the request is for one of its destinations; FALSE between two requests. */
  const reached = new Int32Array(policy.rules.length)
  const touched = new Int32Array(policy.rules.length)
  let touches = 0

  const reach = (position: number, truth: Truth): void => {
    const before = reached[position] as Truth
    if (before === FALSE) touched[touches++] = position
    reached[position] = or(before, truth)
  }

  const decideOne = (request: AccessRequest): PolicyDecision => {
    source.read(request.source)
    destination.read(request.destination)
    findZone(source)
    findZone(destination)
    sources.forget()
    touches = 0
    ways.find(request, source, destination, reach)
    let allows = NO_RULE
    let mayAllow = NO_RULE
    let missing = FALSE
    for (let touch = 0; touch < touches; touch++) {
      const position = touched[touch] as number
      const rule = rules[position] as (typeof rules)[number]
      let truth = reached[position] as Truth
      reached[position] = FALSE
      if (position > allows) continue
      truth = and(truth, sources.test(rule.from, source))
      if (truth !== FALSE && rule.conditions !== undefined) truth = and(truth, rule.conditions(request, source))
      if (truth === FALSE) continue
      if (truth === TRUE) allows = position
      else {
        missing |= truth
        mayAllow = Math.min(mayAllow, position)
      }
    }
    const sourceZone = nameOf(source.zone)
    const destinationZone = nameOf(destination.zone)
    if (allows !== NO_RULE) return { answer: 'allow', rule: allows, missing: NOTHING, sourceZone, destinationZone }
    if (mayAllow === NO_RULE) return { answer: 'deny', missing: NOTHING, sourceZone, destinationZone }
    return { answer: 'unknown', rule: mayAllow, missing: missingOf(missing), sourceZone, destinationZone }
  }
  return { name: policy.name, decide: rememberDecisions(decideOne, policy, networks) }
}

function* networksIn({ zones, rules }: ResolvedPolicy): Iterable<string> {
  const conjunctions = [
    ...zones.flatMap(({ members }) => members),
    ...rules.flatMap(({ from, to }) => [...from, ...to.map(({ terms }) => terms)]),
  ]
  for (const terms of conjunctions)
    for (const term of terms) if (term.kind === 'network') yield networkOf(term.cidr).text
  for (const { conditions } of rules) {
    for (const one of conditions) if (one.kind === 'network') yield* one.networks.map(cidr => networkOf(cidr).text)
  }
}
