import { isExpired } from '../../decide/evaluator.ts'
import type { Literal, Literals } from '../../decide/literals.ts'
import { ZoneExpansion } from '../../decide/zone-expansion.ts'
import type { ResolvedPolicy, ResolvedPorts, ResolvedRule, ResolvedSelector } from '../../language/resolved.ts'
import type { CompileOptions } from '../contract/target.ts'
import {
  type ClusterEnd,
  clusterEnds,
  disjointInCluster,
  hasWorkload,
  type Inexpressible,
  type WorkloadLiteral,
  type Workloads,
} from './cluster-ends.ts'
import { enforcedInstead, type Losses } from './losses.ts'

/** What a rule allows the workloads of the namespace, in one direction. */
export interface Half {
  /** Workloads of the namespace; one alternative must hold. Never empty. */
  readonly subjects: readonly Workloads[]
  /** The other ends. Never empty. */
  readonly peers: readonly ClusterEnd[]
  /** Undefined: every transport and port. Never empty. */
  readonly ports: readonly ResolvedPorts[] | undefined
}

/** A rule as network policies have it: both ends must allow a connection, each by a policy of its namespace. */
export interface RuleHalves {
  readonly rule: ResolvedRule
  readonly egress: readonly Half[]
  readonly ingress: readonly Half[]
  readonly isAuthenticated: boolean
}

/** What is allowed to each alternative of the subjects, for objects that select by one conjunction. */
export function bySubject(
  halves: readonly Half[],
): readonly (readonly [subject: Workloads, halves: readonly Half[]])[] {
  const grouped = Map.groupBy(
    halves.flatMap(half => half.subjects.map(subject => ({ subject, half }))),
    ({ subject }) => JSON.stringify(subject),
  )
  return [...grouped.values()].map(those => [those[0]?.subject ?? [], those.map(({ half }) => half)])
}

/** The ends of one kind. */
export const endsOf = <K extends ClusterEnd['kind']>(
  ends: readonly ClusterEnd[],
  kind: K,
): readonly Extract<ClusterEnd, { kind: K }>[] =>
  ends.filter((end): end is Extract<ClusterEnd, { kind: K }> => end.kind === kind)

/** What the network policies of a cluster can express. */
export interface ClusterAbilities {
  readonly title: string
  /** Why a property of workloads cannot be compared; undefined where it can. */
  refuses(literal: WorkloadLiteral, policy: ResolvedPolicy): string | undefined
  readonly hasHostNames: boolean
  /** Networks hold no workloads, even that of every address. */
  readonly hasNetworksOutside: boolean
  readonly hasIcmp: boolean
  readonly hasAuthentication: boolean
}

/** The rules of a policy for the workloads of a namespace, without those that are expired. */
export function ruleHalves(
  policy: ResolvedPolicy,
  { namespace, today }: CompileOptions,
  abilities: ClusterAbilities,
  losses: Losses,
): readonly RuleHalves[] {
  const zones = new ZoneExpansion(policy, disjointInCluster)
  return policy.rules
    .filter(rule => !isExpired(rule, today))
    .map(rule => new HalvesOfRule(policy, zones, rule, namespace, abilities, losses).halves())
    .filter(({ egress, ingress }) => egress.length + ingress.length > 0)
}

type Side = 'source' | 'destination'

const reasons = {
  'network and workload': 'no end is both a workload and in a network',
  'host and network': 'a host name and a network cannot be compared together',
  'without a host': 'a host name cannot be ruled out, and a zone before it has one',
} as const satisfies Record<Inexpressible, string>

const networkLiteral = (cidr: string): Literal => ({ property: { kind: 'network', cidr }, isNegated: false })

class HalvesOfRule {
  readonly #policy: ResolvedPolicy
  readonly #zones: ZoneExpansion
  readonly #rule: ResolvedRule
  readonly #namespace: string
  readonly #abilities: ClusterAbilities
  readonly #losses: Losses

  constructor(
    policy: ResolvedPolicy,
    zones: ZoneExpansion,
    rule: ResolvedRule,
    namespace: string,
    abilities: ClusterAbilities,
    losses: Losses,
  ) {
    this.#policy = policy
    this.#zones = zones
    this.#rule = rule
    this.#namespace = namespace
    this.#abilities = abilities
    this.#losses = losses
  }

  halves(): RuleHalves {
    const { conditions } = this.#rule
    const sources = this.#ends(this.#rule.from, 'source')
    const subjects = this.#subjects(sources)
    const senders = this.#peers(sources, 'source')
    const egress: Half[] = []
    const ingress: Half[] = []
    for (const { terms, ports } of this.#rule.to) {
      const destinations = this.#ends([terms], 'destination')
      const expressible = this.#ports(ports)
      if (expressible?.length === 0) continue
      const receivers = this.#subjects(destinations)
      const peers = subjects.length === 0 ? [] : this.#peers(destinations, 'destination')
      if (peers.length > 0) egress.push({ subjects, peers, ports: expressible })
      if (receivers.length > 0 && senders.length > 0)
        ingress.push({ subjects: receivers, peers: senders, ports: expressible })
    }
    const isAuthenticated =
      this.#abilities.hasAuthentication && conditions.some(({ kind }) => kind === 'authentication')
    if (egress.length + ingress.length === 0) {
      this.#narrower(
        'scope',
        `nothing is left of it for the workloads of the namespace ${this.#namespace}; it is enforced where its ends are`,
      )
    } else {
      this.#loseConditions(sources)
      if (
        isAuthenticated &&
        [...egress, ...ingress].some(({ peers }) => peers.some(({ kind }) => kind !== 'workloads'))
      ) {
        this.#narrower(
          'authentication',
          'only workloads of the cluster can prove who they are, so that other ends are denied; a proxy with mutual TLS can let them in',
        )
      }
    }
    return { rule: this.#rule, egress, ingress, isAuthenticated }
  }

  #loseConditions(sources: readonly ClusterEnd[]): void {
    for (const { kind } of this.#rule.conditions) {
      if (kind === 'authentication' && this.#abilities.hasAuthentication) continue
      if (kind === 'network' && !sources.some(end => end.kind === 'workloads')) continue
      this.#losses.wider(
        this.#rule.name,
        kind,
        `${this.#abilities.title} cannot compare the condition ${kind}, so that the rule is compiled without it; it can be enforced by ${enforcedInstead[kind]}`,
      )
    }
  }

  #ends(selector: ResolvedSelector, side: Side): readonly ClusterEnd[] {
    const alternatives = this.#zones.expand(selector)
    if (alternatives === undefined) {
      this.#narrower(
        `${side}.labels`,
        `its ${side} has more than a thousand alternatives, because zones before its zone are excluded; order the zones so that those that overlap are last`,
      )
      return []
    }
    const compared = side === 'source' ? alternatives.flatMap(one => this.#withNetworks(one)) : alternatives
    return compared.flatMap(literals => {
      const { ends, lost } = clusterEnds(literals)
      if (lost !== undefined)
        this.#narrower(
          lost === 'network and workload' ? `${side}.address` : `${side}.name`,
          `${reasons[lost]}, so that this ${side} is left out`,
        )
      return ends.filter(end => this.#isComparable(end, side))
    })
  }

  /** A source with the conditions on its network, where it does not ask for a workload. */
  #withNetworks(literals: Literals): readonly Literals[] {
    if (hasWorkload(literals)) return [literals]
    return this.#rule.conditions.reduce<readonly Literals[]>(
      (alternatives, condition) =>
        condition.kind === 'network'
          ? alternatives.flatMap(one => condition.networks.map(cidr => [...one, networkLiteral(cidr)]))
          : alternatives,
      [literals],
    )
  }

  #isComparable(end: ClusterEnd, side: Side): boolean {
    if (end.kind === 'workloads') return this.#areComparable(end.workloads, side)
    if (end.kind !== 'network' || !end.isOutside || this.#abilities.hasNetworksOutside) return true
    this.#narrower(
      `${side}.address`,
      `for ${this.#abilities.title} the network of every address has workloads in it, so that hosts outside of the cluster are left out of this ${side}; name their networks`,
    )
    return false
  }

  #areComparable(workloads: Workloads, side: Side): boolean {
    for (const literal of workloads) {
      const reason = this.#abilities.refuses(literal, this.#policy)
      if (reason === undefined) continue
      const part = { 'service-identity': 'identity', namespace: 'namespace', label: 'labels' } as const
      this.#narrower(`${side}.${part[literal.property.kind]}`, `${reason}, so that this ${side} is left out`)
      return false
    }
    return true
  }

  /** The workloads of the namespace among ends. */
  #subjects(ends: readonly ClusterEnd[]): readonly Workloads[] {
    const found = ends.flatMap(end => {
      if (end.kind === 'any') return [[]]
      if (end.kind !== 'workloads') return []
      const isHere = end.workloads.every(
        ({ property, isNegated }) => property.kind !== 'namespace' || (property.name === this.#namespace) !== isNegated,
      )
      return isHere ? [end.workloads.filter(({ property }) => property.kind !== 'namespace')] : []
    })
    return [...new Map(found.map(one => [JSON.stringify(one), one])).values()]
  }

  #peers(ends: readonly ClusterEnd[], side: Side): readonly ClusterEnd[] {
    return ends.filter(end => {
      if (end.kind !== 'host' || (side === 'destination' && this.#abilities.hasHostNames)) return true
      const message =
        side === 'source'
          ? 'the name of a source cannot be compared, so that this source is left out; name its network, or ask for mutual TLS'
          : `${this.#abilities.title} cannot compare host names, so that this destination is left out; name its networks, or let a proxy for outgoing requests enforce it`
      this.#narrower(`${side}.name`, message)
      return false
    })
  }

  #ports(ports: readonly ResolvedPorts[]): readonly ResolvedPorts[] | undefined {
    if (ports.length === 0) return undefined
    const expressible = ports.filter(({ transport }) => transport !== 'icmp' || this.#abilities.hasIcmp)
    if (expressible.length < ports.length) {
      this.#narrower(
        'transport',
        `${this.#abilities.title} does not allow ICMP by type, so that ICMP is left out; allow it by a rule without protocol and ports, or on the host`,
      )
    }
    return expressible
  }

  #narrower(part: Parameters<Losses['narrower']>[1], message: string): void {
    this.#losses.narrower(this.#rule.name, part, message)
  }
}
