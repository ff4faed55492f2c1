import { networkTerms, withNetworks } from '../../decide/conditions.ts'
import { createEvaluator, type EvaluatorOptions } from '../../decide/evaluator.ts'
import type { ResolvedExpectation, ResolvedPolicy, ResolvedTerm } from '../../language/resolved.ts'
import type { PolicyDecision } from '../../model/decision.ts'
import type { AccessEnd, AccessRequest } from '../../model/request.ts'
import { selectorWords } from '../words.ts'
import { CircumstanceMaker } from './circumstances.ts'
import { EndMaker } from './named-ends.ts'
import { NamedParts } from './parts.ts'

/** What a policy answers to an expectation. */
export interface ExpectationResult {
  /** Accesses that the policy decided on: one for each part of what is named that it distinguishes. */
  readonly accesses: number
  readonly failure?: ExpectationFailure
}

export type ExpectationFailure =
  /** The first access with another answer. */
  | {
      readonly kind: 'other-answer'
      readonly decision: PolicyDecision
      readonly access: FailedAccess
      /** How many have another answer. */
      readonly failed: number
    }
  /** Nothing is what the terms say. */
  | { readonly kind: 'no-access' }
  | { readonly kind: 'too-many' }

/** In the words of the language. */
export interface FailedAccess {
  readonly from: string
  readonly to: string
  /** `tcp 443` */
  readonly door: string
}

/** Accesses of one expectation. */
export const MAX_ACCESSES = 200_000
/** Of what an expectation names with what the policy names. */
const MAX_COMPARISONS = 5_000_000

/**
 * Answers expectations by the evaluator. An expectation is about each end that its terms name, and about each part of these
 * that the policy names: all must have the expected answer. An end is what the terms say and nothing else; what a condition
 * could say and none does (device posture, time, authentication) is unknown.
 */
export function createExpectationRunner(
  policy: ResolvedPolicy,
  options: EvaluatorOptions,
): (expectation: ResolvedExpectation) => ExpectationResult {
  const evaluator = createEvaluator(policy, options)
  const endMaker = new EndMaker(policy)
  const { rules, zones } = policy
  const sources = new NamedParts(
    policy,
    rules.flatMap(({ from, conditions }) => [...from, ...conditions.flatMap(networkTerms)]),
  )
  const destinations = new NamedParts(
    policy,
    rules.flatMap(({ to }) => to.map(({ terms }) => terms)),
  )
  const circumstances = new CircumstanceMaker(policy)

  /** Undefined where there are too many. */
  const placesOf = (parts: NamedParts, conjunctions: readonly Conjunction[]): readonly Place[] | undefined => {
    if (conjunctions.length * parts.size > MAX_COMPARISONS) return undefined
    const places: Place[] = []
    for (const terms of conjunctions) {
      const all = parts.of(terms)
      if (all === undefined) return undefined
      for (const part of all) {
        const place = { terms: part.filter(distinct), zone: zoneOf(part, zones) }
        for (const end of endMaker.ends(part)) places.push({ ...place, end })
      }
    }
    return places
  }

  return ({ decision: expected, from, to, conditions }) => {
    const origins = placesOf(sources, withNetworks(from, conditions))
    const given = circumstances.circumstances(conditions)
    let accesses = 0
    let failed = 0
    let first: { decision: PolicyDecision; access: FailedAccess } | undefined
    for (const { terms, ports } of to) {
      const doors = circumstances.doors(ports)
      const targets = placesOf(destinations, [terms])
      if (
        origins === undefined ||
        targets === undefined ||
        accesses + origins.length * targets.length * doors.length * given.length > MAX_ACCESSES
      ) {
        return { accesses, failure: { kind: 'too-many' } }
      }
      for (const request of requestsOf(origins, targets, doors, given)) {
        const decision = evaluator.decide(request)
        // The zones of the ends decide whether they are those that are named.
        const { origin, target } = request
        if (!isIn(origin, decision.sourceZone) || !isIn(target, decision.destinationZone)) continue
        accesses += 1
        if (decision.answer === expected) continue
        failed += 1
        first ??= { decision, access: accessWords(request, policy) }
      }
    }
    if (accesses === 0) return { accesses, failure: { kind: 'no-access' } }
    return first === undefined ? { accesses } : { accesses, failure: { kind: 'other-answer', failed, ...first } }
  }
}

type Conjunction = readonly ResolvedTerm[]
type Circumstance = ReturnType<CircumstanceMaker['circumstances']>[number]
type Door = ReturnType<CircumstanceMaker['doors']>[number]

/** An end, in its words. */
interface Place {
  readonly terms: Conjunction
  /** In which it must be. */
  readonly zone: string | undefined
  readonly end: AccessEnd
}

interface PlacedRequest extends AccessRequest {
  readonly origin: Place
  readonly target: Place
}

function* requestsOf(
  origins: readonly Place[],
  targets: readonly Place[],
  doors: readonly Door[],
  given: readonly Circumstance[],
): Iterable<PlacedRequest> {
  for (const origin of origins) {
    for (const target of targets) {
      for (const door of doors) {
        for (const one of given) yield { source: origin.end, destination: target.end, ...door, ...one, origin, target }
      }
    }
  }
}

const distinct = (term: ResolvedTerm, index: number, terms: Conjunction): boolean =>
  terms.findIndex(one => JSON.stringify(one) === JSON.stringify(term)) === index

/** The zone that terms name; the first one where they contradict each other. */
function zoneOf(terms: Conjunction, zones: ResolvedPolicy['zones']): string | undefined {
  const term = terms.find(({ kind }) => kind === 'zone')
  return term?.kind === 'zone' ? zones[term.zone]?.name : undefined
}

const isIn = ({ zone }: Place, found: string | null): boolean => zone === undefined || zone === found

function accessWords({ origin, target, transport, port }: PlacedRequest, policy: ResolvedPolicy): FailedAccess {
  return {
    from: selectorWords([origin.terms], policy),
    to: selectorWords([target.terms], policy),
    door: port === undefined ? `${transport}` : `${transport} ${port}`,
  }
}
