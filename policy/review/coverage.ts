import { contains, overlaps, type Target } from '../../core/net/target.ts'
import { DAY_MINUTES } from '../../core/time/local-minutes.ts'
import { isWithin, type Times } from '../decide/conditions.ts'
import { networkOf } from '../decide/network-classes.ts'
import { hostTest, identityTest } from '../decide/terms.ts'
import type {
  ResolvedDestination,
  ResolvedPorts,
  ResolvedRule,
  ResolvedSelector,
  ResolvedTerm,
} from '../language/resolved.ts'
import type { Condition } from '../model/policy.ts'

type Conjunction = readonly ResolvedTerm[]

/** Alternatives that are compared; long lists in many rules would take hours otherwise. */
const MAX_COMPARISONS = 5_000_000

/**
 * Whether parts of policies hold for all that others hold for. It errs on one side: where it says no, a part may hold for
 * all of the other one because of what is known of the deployment, or because several parts share it; and it says no when
 * it has compared as much as it may.
 */
export class Coverage {
  readonly #targets = new Map<string, Target>()
  #comparisons = 0

  /** Whether it has compared as much as it may: every further answer is no. */
  get isExhausted(): boolean {
    return this.#comparisons > MAX_COMPARISONS
  }

  rule(outer: ResolvedRule, inner: ResolvedRule): boolean {
    return (
      lastsAsLong(outer, inner) &&
      this.selector(outer.from, inner.from) &&
      inner.to.every(one => outer.to.some(other => this.#destination(other, one))) &&
      outer.conditions.every(one => inner.conditions.some(other => this.condition(one, other)))
    )
  }

  selector(outer: ResolvedSelector, inner: ResolvedSelector): boolean {
    return inner.every(one => outer.some(other => this.conjunction(other, one)))
  }

  /** Every term of the outer one follows from a term of the inner one. */
  conjunction(outer: Conjunction, inner: Conjunction): boolean {
    this.#comparisons += 1
    if (this.#comparisons > MAX_COMPARISONS) return false
    return outer === inner || outer.every(one => inner.some(other => this.term(one, other)))
  }

  term(outer: ResolvedTerm, inner: ResolvedTerm): boolean {
    if (outer.kind === 'any') return true
    switch (inner.kind) {
      case 'any':
        return false
      case 'service-identity':
        return outer.kind === inner.kind && identityCovers(outer.name, inner.name)
      case 'zone':
        return outer.kind === inner.kind && outer.zone === inner.zone
      case 'namespace':
        return outer.kind === inner.kind && outer.name === inner.name
      case 'label':
        return outer.kind === inner.kind && outer.label === inner.label && outer.value === inner.value
      case 'network':
        return outer.kind === inner.kind && this.#network(outer.cidr, inner.cidr)
      case 'host':
        return outer.kind === inner.kind && (outer.name === inner.name || hostTest(outer.name)(inner.name))
    }
  }

  condition(outer: Condition, inner: Condition): boolean {
    switch (inner.kind) {
      case 'device-posture':
        return outer.kind === inner.kind && inner.is.every(one => outer.is.includes(one))
      case 'weekday':
        return outer.kind === inner.kind && inner.days.every(day => outer.days.includes(day))
      case 'time':
        return outer.kind === inner.kind && minutesOf(inner).every(minute => isWithin(minute, outer))
      case 'network':
        return (
          outer.kind === inner.kind &&
          inner.networks.every(one => outer.networks.some(other => this.#network(other, one)))
        )
      case 'authentication':
        return outer.kind === inner.kind
    }
  }

  /** Whether two terms of one end can never hold together. */
  isContradiction(one: ResolvedTerm, other: ResolvedTerm): boolean {
    switch (one.kind) {
      case 'service-identity':
        return one.kind === other.kind && !identityCovers(one.name, other.name) && !identityCovers(other.name, one.name)
      case 'zone':
        return one.kind === other.kind && one.zone !== other.zone
      case 'namespace':
        return one.kind === other.kind && one.name !== other.name
      case 'label':
        return one.kind === other.kind && one.label === other.label && one.value !== other.value
      case 'network':
        return one.kind === other.kind && this.areApart([one.cidr], [other.cidr])
      // An end may have several names.
      case 'host':
      case 'any':
        return false
    }
  }

  /** Whether two conditions can never hold together. */
  areConditionsApart(one: Condition, other: Condition): boolean {
    if (one.kind === 'device-posture') return one.kind === other.kind && !one.is.some(is => other.is.includes(is))
    if (one.kind === 'weekday') return one.kind === other.kind && !one.days.some(day => other.days.includes(day))
    if (one.kind === 'time') return one.kind === other.kind && !minutesOf(one).some(minute => isWithin(minute, other))
    if (one.kind === 'network') return one.kind === other.kind && this.areApart(one.networks, other.networks)
    return false
  }

  areApart(some: readonly string[], others: readonly string[]): boolean {
    return !some.some(one => others.some(other => overlaps(this.target(one), this.target(other))))
  }

  target(cidr: string): Target {
    const known = this.#targets.get(cidr) ?? networkOf(cidr)
    this.#targets.set(cidr, known)
    return known
  }

  #network(outer: string, inner: string): boolean {
    return contains(this.target(outer), this.target(inner))
  }

  #destination(outer: ResolvedDestination, inner: ResolvedDestination): boolean {
    return portsCover(outer.ports, inner.ports) && this.conjunction(outer.terms, inner.terms)
  }
}

const lastsAsLong = (outer: ResolvedRule, inner: ResolvedRule): boolean =>
  outer.expires === undefined || (inner.expires !== undefined && inner.expires <= outer.expires)

const identityCovers = (outer: string, inner: string): boolean =>
  inner.endsWith('*')
    ? outer.endsWith('*') && inner.slice(0, -1).startsWith(outer.slice(0, -1))
    : identityTest(outer)(inner)

/** Without ports, every transport and port. */
const portsCover = (outer: readonly ResolvedPorts[], inner: readonly ResolvedPorts[]): boolean =>
  outer.length === 0 ||
  (inner.length > 0 &&
    inner.every(one =>
      outer.some(({ transport, first, last }) => transport === one.transport && first <= one.first && last >= one.last),
    ))

function minutesOf({ from, to }: Times): readonly number[] {
  const length = to >= from ? to - from : to - from + DAY_MINUTES
  return Array.from({ length }, (_, index) => (from + index) % DAY_MINUTES)
}
