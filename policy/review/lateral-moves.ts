import { textOrder } from '../../core/text-order.ts'
import { isExpired } from '../decide/evaluator.ts'
import type { ResolvedPolicy, ResolvedRule, ResolvedTerm } from '../language/resolved.ts'
import { conditionText } from '../language/write.ts'
import { Coverage } from './coverage.ts'
import { portsWords, termWords } from './words.ts'

/** A rule that lets pass from one zone to another place. */
export interface Move {
  /** Of the shortest way from the first zone: 1 for the moves from there. */
  readonly step: number
  readonly from: string
  /** A zone; null for ends that are in none. */
  readonly to: string | null
  readonly rule: string
  /** What must be reached, in the words of the rule; empty for each end of the zone. */
  readonly destination: string
  /** Which ends of the zone may, in the words of the rule; empty for each. */
  readonly source: string
  /** `tcp 443` */
  readonly ports: string
  /** What must hold beside the ends. */
  readonly conditions: readonly string[]
  /** What the policy does not say, and the move depends on; empty where it passes. */
  readonly unknown: readonly string[]
}

export interface LateralMoves {
  /** Moves that pass, by step. */
  readonly passing: readonly Move[]
  /** Moves that may pass: they, or the way to them, depend on what the policy does not say. */
  readonly possible: readonly Move[]
  /** Zones that no move leads to, not even a possible one, in the order of the policy. */
  readonly unreached: readonly string[]
}

export interface MoveLimits {
  /** Only moves on a way to this zone. */
  readonly to?: string
  /** Steps that are followed. Default: all. */
  readonly depth?: number
  /** `2026-11-30` */
  readonly today: string
}

/** What a policy lets pass from a zone of which an attacker holds every end, and then from the zones that this reaches. */
export function lateralMoves(policy: ResolvedPolicy, from: string, limits: MoveLimits): LateralMoves {
  const { to, depth = Number.POSITIVE_INFINITY, today } = limits
  const edges = edgesOf(policy, today)
  const sure = edges.filter(({ unknown }) => unknown.length === 0)
  const reached = distances(from, sure, true)
  const maybe = distances(from, edges, true)
  const left = to === undefined ? undefined : distances(to, edges, false)
  const leftSure = to === undefined ? undefined : distances(to, sure, false)
  /** Whether a move is on a way that is short enough. */
  const isOnWay = (edge: Edge, before: number, after: ReadonlyMap<string, number> | undefined) => {
    const rest = after === undefined ? 0 : edge.to === null ? undefined : after.get(edge.to)
    return rest !== undefined && before + 1 + rest <= depth
  }
  const passing = sure.flatMap(edge => {
    const before = reached.get(edge.from)
    return before !== undefined && isOnWay(edge, before, leftSure) ? [{ step: before + 1, ...edge }] : []
  })
  const passed = new Set(passing.map(keyOf))
  const possible = edges.flatMap(edge => {
    const before = maybe.get(edge.from)
    if (before === undefined || !isOnWay(edge, before, left)) return []
    const move = { step: before + 1, ...edge }
    // To a zone that is reached anyway, it adds nothing.
    const isReached = edge.to !== null && (reached.get(edge.to) ?? depth + 1) <= Math.min(depth, move.step)
    if (passed.has(keyOf(move)) || (isReached && edge.unknown.length > 0)) return []
    return [
      reached.has(edge.from) ? move : { ...move, unknown: [...edge.unknown, `whether zone ${edge.from} is reached`] },
    ]
  })
  const ends = new Set([...passing, ...possible].map(move => move.to))
  return {
    passing: passing.sort(byStep),
    possible: possible.sort(byStep),
    unreached: policy.zones.map(({ name }) => name).filter(name => name !== from && !ends.has(name)),
  }
}

type Edge = Omit<Move, 'step'>

const keyOf = ({ from, to, rule, destination, source, ports }: Edge): string =>
  JSON.stringify([from, to, rule, destination, source, ports])

const byStep = (a: Move, b: Move): number =>
  a.step - b.step ||
  textOrder(a.from, b.from) ||
  textOrder(a.to ?? '\uffff', b.to ?? '\uffff') ||
  textOrder(a.rule, b.rule)

/** Steps of the shortest ways from a zone, or to it. */
function distances(zone: string, edges: readonly Edge[], isForward: boolean): ReadonlyMap<string, number> {
  const next = Map.groupBy(edges, edge => (isForward ? edge.from : edge.to))
  const found = new Map([[zone, 0]])
  const open = [zone]
  for (let at = open.shift(); at !== undefined; at = open.shift()) {
    for (const edge of next.get(at) ?? []) {
      const other = isForward ? edge.to : edge.from
      if (other === null || found.has(other)) continue
      found.set(other, (found.get(at) ?? 0) + 1)
      open.push(other)
    }
  }
  return found
}

function edgesOf(policy: ResolvedPolicy, today: string): readonly Edge[] {
  const placement = new Placement(policy)
  const edges = new Map<string, Edge>()
  for (const rule of policy.rules) {
    if (isExpired(rule, today)) continue
    const sources = rule.from.flatMap(terms => placement.of(terms).filter(({ zone }) => zone !== null))
    const conditions = rule.conditions.map(conditionText)
    for (const { terms, ports } of rule.to) {
      const words = ports.length === 0 ? [portsWords([])] : [portsWords(ports)]
      for (const target of placement.of(terms)) {
        for (const source of sources) {
          const edge = edgeOf(rule, source, target, words.join(', '), conditions)
          edges.set(keyOf(edge), edge)
        }
      }
    }
  }
  return [...edges.values()]
}

function edgeOf(
  { name }: ResolvedRule,
  source: Place,
  target: Place,
  ports: string,
  conditions: readonly string[],
): Edge {
  const unknown = [source, target].flatMap(({ zone, part, isSure }) =>
    isSure ? [] : [`whether ${part} is in zone ${zone}`],
  )
  return {
    from: source.zone ?? '',
    to: target.zone,
    rule: name,
    source: source.part,
    destination: target.part,
    ports,
    conditions,
    unknown,
  }
}

/** A zone in which ends of a conjunction are, or may be; null: they may be in none. */
interface Place {
  readonly zone: string | null
  /** The terms beside that of the zone. */
  readonly part: string
  readonly isSure: boolean
}

/** Finds the zones of what rules name. */
class Placement {
  readonly #policy: ResolvedPolicy
  readonly #coverage = new Coverage()
  readonly #known = new Map<string, readonly Place[]>()

  constructor(policy: ResolvedPolicy) {
    this.#policy = policy
  }

  of(terms: readonly ResolvedTerm[]): readonly Place[] {
    const key = JSON.stringify(terms)
    const known = this.#known.get(key) ?? this.#find(terms)
    this.#known.set(key, known)
    return known
  }

  #find(terms: readonly ResolvedTerm[]): readonly Place[] {
    const part = terms
      .filter(({ kind }) => kind !== 'any' && kind !== 'zone')
      .map(term => termWords(term, this.#policy))
      .join(' and ')
    const places = this.#policy.zones.flatMap(({ name: zone }, position): readonly Place[] => {
      const isIn = this.#isIn(terms, position)
      return isIn === 'no' ? [] : [{ zone, part, isSure: isIn === 'yes' }]
    })
    const asksForZone = terms.some(({ kind }) => kind === 'zone')
    return asksForZone || this.#isWithinAny(terms) ? places : [...places, { zone: null, part, isSure: true }]
  }

  #isIn(terms: readonly ResolvedTerm[], position: number): 'yes' | 'maybe' | 'no' {
    const { zones } = this.#policy
    const named = terms.filter(term => term.kind === 'zone')
    if (named.some(({ zone }) => zone !== position)) return 'no'
    const members = (zones[position]?.members ?? []).filter(member => !this.#areApart(terms, member))
    if (members.length === 0) return 'no'
    const isInEarlier = zones
      .slice(0, position)
      .some(earlier => earlier.members.some(member => this.#coverage.conjunction(member, terms)))
    if (isInEarlier) return 'no'
    const isSure =
      named.length > 0 ||
      members.some(member => this.#coverage.conjunction(member, terms) || this.#coverage.conjunction(terms, member))
    return isSure ? 'yes' : 'maybe'
  }

  #isWithinAny(terms: readonly ResolvedTerm[]): boolean {
    return this.#policy.zones.some(({ members }) => members.some(member => this.#coverage.conjunction(member, terms)))
  }

  #areApart(terms: readonly ResolvedTerm[], member: readonly ResolvedTerm[]): boolean {
    return terms.some(one => member.some(other => this.#coverage.isContradiction(one, other)))
  }
}
