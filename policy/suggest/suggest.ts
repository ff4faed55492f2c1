import type { EpochMs } from '../../core/clock.ts'
import { createEvaluator } from '../decide/evaluator.ts'
import { resolvePolicy } from '../language/resolve.ts'
import type { PolicyEvaluator } from '../model/decision.ts'
import type { ObservedFlow } from '../model/observed-flow.ts'
import type { Policy } from '../model/policy.ts'
import type { AccessRequest } from '../model/request.ts'
import { type Access, accessesOf, accessKey, type OmissionReason } from './accesses.ts'
import { byTraffic, draftPolicy, type PolicySettings } from './draft-policy.ts'
import { draftRules, type RuleDraft } from './draft-rules.ts'
import { EndNamer, type OwnTerm } from './end-terms.ts'

export interface SuggestOptions extends PolicySettings {
  /** Fewer are left out, for a transport and port between two ends. */
  readonly minimumEvents: number
}

/** A policy that allows what was observed, with the reasons. */
export interface Suggestion {
  readonly policy: Policy
  /** Of each rule of the policy. */
  readonly evidence: readonly RuleEvidence[]
  readonly omitted: readonly OmittedFlow[]
}

/** The flows that a rule is the first one to allow. */
export interface RuleEvidence {
  readonly rule: string
  readonly flows: number
  readonly events: number
  readonly firstSeen: EpochMs
  readonly lastSeen: EpochMs
  /** Data of others. */
  readonly samples: readonly string[]
  /** Sentences: what the rule allows beyond what was seen, and why. */
  readonly widened: readonly string[]
}

export interface OmittedFlow {
  readonly flow: ObservedFlow
  readonly reason: OmissionReason
}

const MAX_SAMPLES = 3
/** No drafted rule has a last day. */
const options = { today: '2000-01-01' }

/**
 * Drafts the narrowest policy that allows what was let pass and nothing that was denied. Every flow is either allowed by it
 * or among those left out; the same flows in another order give the same policy.
 */
export function suggestPolicy(flows: readonly ObservedFlow[], settings: SuggestOptions): Suggestion {
  const namer = new EndNamer(settings.identityLabel ?? '')
  const { found, keys, omitted, denied, seen } = accessesOf(flows, namer, settings.minimumEvents)
  const inseparable = new Set<string>()
  const exactOnly = new Set<string>()
  let drafts: readonly RuleDraft[]
  do {
    drafts = byTraffic(
      draftRules(
        found.filter(({ key }) => !inseparable.has(key)),
        seen,
        exactOnly,
      ),
    )
  } while (!withdraw(drafts, evaluatorOf(draftPolicy(drafts, settings))))

  // A rule that is never the first one to allow is superfluous: first of all behind the wider ones.
  const needed = new Set(usedBy(flows, byWidth(drafts), settings))
  const ordered = drafts.filter(draft => needed.has(draft))
  const first = collect(flows, evaluatorOf(draftPolicy(ordered, settings)), ordered.length)
  const kept = ordered.filter((_, rule) => (first.byRule[rule]?.length ?? 0) > 0)
  const policy = draftPolicy(kept, settings)
  const byRule = first.byRule.filter(those => those.length > 0)
  return {
    policy,
    evidence: kept.map(({ widened }, rule) => evidenceOf(policy.rules[rule]?.name ?? '', byRule[rule] ?? [], widened)),
    omitted: first.others.map(position => {
      const isInseparable = inseparable.has(keys.get(position) ?? '')
      const reason = omitted.get(position) ?? (isInseparable ? 'inseparable' : 'unknown')
      return { flow: flows[position] as ObservedFlow, reason }
    }),
  }

  /** Takes back what allows flows that were denied. @returns whether nothing did */
  function withdraw(rules: readonly RuleDraft[], evaluator: PolicyEvaluator): boolean {
    let isRight = true
    for (const position of denied) {
      const { request } = flows[position] as ObservedFlow
      const { answer, rule } = evaluator.decide(request)
      const draft = answer === 'allow' && rule !== undefined ? rules[rule] : undefined
      if (draft === undefined) continue
      isRight = false
      if (draft.generalisations.length > 0) for (const key of draft.generalisations) exactOnly.add(key)
      else for (const { key } of accessesOfRequest(request, draft, namer)) inseparable.add(key)
    }
    return isRight
  }
}

/** The accesses by which a rule without generalisations allows a request. */
function accessesOfRequest(request: AccessRequest, { accesses }: RuleDraft, namer: EndNamer): readonly Access[] {
  const { transport, port } = request
  const sources = namer.keysOf(request.source, false)
  const destinations = namer.keysOf(request.destination, true)
  const keys = new Set(
    transport === undefined
      ? []
      : sources.flatMap(source =>
          destinations.map(destination =>
            accessKey(source, destination, transport, transport === 'icmp' ? undefined : port),
          ),
        ),
  )
  const own = accesses.filter(({ key }) => keys.has(key))
  return own.length === 0 ? accesses : own
}

const evaluatorOf = (policy: Policy): PolicyEvaluator => createEvaluator(resolvePolicy(policy).policy, options)

/** Those with ends that are a whole namespace or network first. */
const byWidth = (drafts: readonly RuleDraft[]): readonly RuleDraft[] =>
  drafts.toSorted((a, b) => widthOf(b) - widthOf(a))

const widthOf = ({ sources, destinations }: RuleDraft): number =>
  [sources, destinations].filter(ends => ends.some(({ own }) => own === undefined || isWide(own))).length

const isWide = (own: OwnTerm): boolean => own.kind === 'network' && own.cidr.includes('/')

function usedBy(
  flows: readonly ObservedFlow[],
  drafts: readonly RuleDraft[],
  settings: PolicySettings,
): readonly RuleDraft[] {
  const { byRule } = collect(flows, evaluatorOf(draftPolicy(drafts, settings)), drafts.length)
  return drafts.filter((_, rule) => (byRule[rule]?.length ?? 0) > 0)
}

interface Collected {
  readonly byRule: readonly (readonly ObservedFlow[])[]
  /** Positions of flows that no rule allows. */
  readonly others: readonly number[]
}

function collect(flows: readonly ObservedFlow[], evaluator: PolicyEvaluator, rules: number): Collected {
  const byRule = Array.from({ length: rules }, (): ObservedFlow[] => [])
  const others: number[] = []
  for (const [position, flow] of flows.entries()) {
    const { answer, rule } = evaluator.decide(flow.request)
    const of = answer === 'allow' && rule !== undefined ? byRule[rule] : undefined
    if (of === undefined) others.push(position)
    else of.push(flow)
  }
  return { byRule, others }
}

function evidenceOf(rule: string, flows: readonly ObservedFlow[], widened: readonly string[]): RuleEvidence {
  let [events, firstSeen, lastSeen] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  const samples: string[] = []
  for (const flow of flows) {
    events += flow.passed
    firstSeen = Math.min(firstSeen, flow.firstSeen)
    lastSeen = Math.max(lastSeen, flow.lastSeen)
    samples.push(...flow.samples)
  }
  return {
    rule,
    flows: flows.length,
    events,
    firstSeen,
    lastSeen,
    samples: [...new Set(samples)].sort().slice(0, MAX_SAMPLES),
    widened,
  }
}
