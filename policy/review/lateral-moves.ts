import { ClawtrustError } from '../../core/errors.ts'
import { textOrder } from '../../core/text-order.ts'
import { isExpired } from '../decide/evaluator.ts'
import type { ResolvedPolicy, ResolvedRule } from '../language/resolved.ts'
import { conditionText } from '../language/write.ts'
import { portsWords } from './words.ts'
import { type Place, ZonePlaces } from './zone-places.ts'

/** A rule that lets pass from one zone to another place. */
export interface Move {
  /** Of the shortest way from the first zone: 1 for the moves from there. */
  readonly step: number
  readonly from: string
  /** A zone; null for ends that are in none. */
  readonly to: string | null
  readonly rule: string
  /** Which ends of the zone may, in the words of the rule; empty for each. */
  readonly source: string
  /** What is reached, in the words of the rule; empty for each end of the zone. */
  readonly destination: string
  /** `tcp 443` */
  readonly ports: string
  /** What must hold beside the ends. */
  readonly conditions: readonly string[]
}

/** A move that depends on what the policy does not say, from a zone that is reached. */
export interface PossibleMove extends Omit<Move, 'to'> {
  /** In which the destination may be, of those that are not reached otherwise. */
  readonly zones: readonly string[]
  /** Sentences: what it depends on. */
  readonly unknown: readonly string[]
}

export interface LateralMoves {
  /** By step. */
  readonly passing: readonly Move[]
  /** By step; those that follow from them alone are not listed. */
  readonly possible: readonly PossibleMove[]
  /** Zones that are reached only if possible moves pass, in the order of the policy. */
  readonly possiblyReached: readonly string[]
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

/** An end without a zone may be in each: pairs grow with the square of the zones, for each rule. */
const MAX_PAIRS = 500_000

/** What a policy lets pass from a zone of which an attacker holds every end, and then from the zones that this reaches. */
export function lateralMoves(policy: ResolvedPolicy, from: string, limits: MoveLimits): LateralMoves {
  const { to, depth = Number.POSITIVE_INFINITY, today } = limits
  const edges = edgesOf(policy, today)
  const sure = edges.filter(isSure)
  const reached = within(distances(from, sure, true), depth)
  const maybe = within(distances(from, edges, true), depth)
  /** Of a move from a zone that is reached: its step, if it is on a way that is short enough. */
  const stepOf = (edge: Edge, left: ReadonlyMap<string, number> | undefined): number | undefined => {
    const before = reached.get(edge.from)
    const rest = left === undefined ? 0 : edge.to === null ? undefined : left.get(edge.to)
    return before === undefined || rest === undefined || before + 1 + rest > depth ? undefined : before + 1
  }
  const leftOf = (some: readonly Edge[]) => (to === undefined ? undefined : distances(to, some, false))
  const [leftSure, left] = [leftOf(sure), leftOf(edges)]
  const passing = sure.flatMap(edge => {
    const step = stepOf(edge, leftSure)
    return step === undefined ? [] : [moveOf(edge, step)]
  })
  const open = edges.flatMap(edge => {
    const step = isSure(edge) ? undefined : stepOf(edge, left)
    // To a zone that is reached anyway, it adds nothing.
    return step === undefined || (edge.to !== null && reached.has(edge.to)) ? [] : [{ edge, step }]
  })
  const possible = [...Map.groupBy(open, ({ edge }) => JSON.stringify(edge.words)).values()].map(possibleMove)
  const ends = new Set([...passing.map(move => move.to), ...reached.keys()])
  const names = policy.zones.map(({ name }) => name).filter(name => name !== from)
  return {
    passing: passing.sort(byStep),
    possible: possible.sort(byStep),
    possiblyReached: names.filter(name => maybe.has(name) && !reached.has(name)),
    unreached: names.filter(name => !maybe.has(name) && !ends.has(name)),
  }
}

interface Edge extends Omit<Move, 'step'> {
  /** All but the zone that it leads to. */
  readonly words: readonly string[]
  readonly isSourceSure: boolean
  readonly isTargetSure: boolean
}

const isSure = ({ isSourceSure, isTargetSure }: Edge): boolean => isSourceSure && isTargetSure

const moveOf = ({ words: _, isSourceSure: _source, isTargetSure: _target, ...move }: Edge, step: number): Move => ({
  step,
  ...move,
})

function possibleMove(those: readonly { readonly edge: Edge; readonly step: number }[]): PossibleMove {
  const [{ edge, step }] = those as [(typeof those)[number]]
  const { to: _, ...move } = moveOf(edge, step)
  const zones = those.flatMap(one => one.edge.to ?? [])
  const isPlaceUnknown = those.some(one => !one.edge.isTargetSure)
  const unknown = [
    ...(edge.isSourceSure ? [] : [`whether ${edge.source} is in zone ${edge.from}`]),
    ...(isPlaceUnknown ? [`whether ${edge.destination} is in zone ${zones.join(' or ')}`] : []),
  ]
  return { ...move, zones, unknown }
}

const byStep = (a: Move | PossibleMove, b: Move | PossibleMove): number =>
  a.step - b.step || textOrder(orderOf(a), orderOf(b))

const orderOf = (move: Move | PossibleMove): string =>
  JSON.stringify([move.from, 'to' in move ? (move.to ?? '\uffff') : '', move.rule, move.destination])

const within = (steps: ReadonlyMap<string, number>, depth: number): ReadonlyMap<string, number> =>
  new Map([...steps].filter(([, step]) => step <= depth))

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
  const places = new ZonePlaces(policy)
  const edges = new Map<string, Edge>()
  let pairs = 0
  for (const rule of policy.rules) {
    if (isExpired(rule, today)) continue
    const sources = rule.from.flatMap(terms => places.of(terms).filter(({ zone }) => zone !== null))
    for (const { terms, ports } of rule.to) {
      const targets = places.of(terms)
      pairs += sources.length * targets.length
      if (pairs > MAX_PAIRS) {
        throw new ClawtrustError(
          'POLICY_INVALID',
          `The rules up to ${rule.name} may be about more than ${MAX_PAIRS.toLocaleString('en')} pairs of zones, too many to follow; name the zone of ends in the rules, as in zone=agents and service-identity=agent`,
        )
      }
      for (const source of sources) {
        for (const target of targets) {
          const edge = edgeOf(rule, source, target, portsWords(ports))
          edges.set(JSON.stringify([edge.words, edge.to]), edge)
        }
      }
    }
  }
  return [...edges.values()]
}

function edgeOf({ name, conditions }: ResolvedRule, source: Place, target: Place, ports: string): Edge {
  const from = source.zone ?? ''
  return {
    from,
    to: target.zone,
    rule: name,
    source: source.part,
    destination: target.part,
    ports,
    conditions: conditions.map(conditionText),
    words: [from, name, source.part, target.part, ports],
    isSourceSure: source.isSure,
    isTargetSure: target.isSure,
  }
}
