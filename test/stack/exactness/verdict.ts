import { type ExceptionName, exceptions, type Outcome } from './oracle.ts'
import { seriesName } from './series-name.ts'

/** Connections that may each have been counted in any of these ways. */
interface Group {
  readonly ways: readonly Outcome[]
  readonly connections: number
}

/** What an exporter exposes, by series name; see seriesName. */
export type Exposed = ReadonlyMap<string, number>

/**
 * Holds what is exposed against the ways in which each connection may have been counted: there must be one choice of
 * ways that gives every series, and the counters that name exceptions must say what that choice says.
 *
 * @param outcomes of each connection
 * @param exposed the series of the stories' metrics, and the counters of exceptions
 * @returns sentences about what does not fit; none where all is true
 */
export function verdict(outcomes: readonly (readonly Outcome[])[], exposed: Exposed): readonly string[] {
  const groups = grouped(outcomes, exposed)
  const rest = new Map(exposed)
  for (const name of names) rest.delete(counterOf(name))
  for (const { ways, connections } of groups) addTo(rest, ways[0], -connections)
  const chosen = choose(groups, rest)
  const wrong = [...rest].filter(([, left]) => left !== 0)
  const series = wrong.map(([name, left]) => {
    const is = exposed.get(name) ?? 0
    return `${name} is ${is}, ${left > 0 ? `${left} more` : `${-left} fewer`} than the truth`
  })
  return [...series, ...names.flatMap(name => named(name, groups, chosen, exposed))]
}

const names = Object.keys(exceptions) as ExceptionName[]

function counterOf(name: ExceptionName): string {
  const { metric, labels } = exceptions[name]
  return seriesName(metric, labels)
}

function grouped(outcomes: readonly (readonly Outcome[])[], exposed: Exposed): readonly Group[] {
  const groups = new Map<string, { ways: readonly Outcome[]; connections: number }>()
  for (const ways of outcomes) {
    const key = JSON.stringify(ways)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { ways: possible(ways, exposed), connections: 1 })
    else group.connections += 1
  }
  return [...groups.values()]
}

/** Without ways that are named more often than the counter says for all connections. */
function possible(ways: readonly Outcome[], exposed: Exposed): readonly Outcome[] {
  const isPossible = ({ exceptions }: Outcome) =>
    names.every(name => (exceptions[name]?.[0] ?? 0) <= (exposed.get(counterOf(name)) ?? 0))
  const left = ways.filter(isPossible)
  return left.length === 0 ? ways : left
}

function addTo(rest: Map<string, number>, way: Outcome | undefined, times: number): void {
  for (const [series, count] of Object.entries(way?.counts ?? {})) {
    rest.set(series, (rest.get(series) ?? 0) + count * times)
  }
}

/**
 * How many connections of each group went each way. What is left over of a series that only one undecided way of one
 * group moves tells how many went that way; so one after the other. The rest of what is exposed is taken off as it goes.
 */
function choose(groups: readonly Group[], rest: Map<string, number>): ReadonlyMap<Outcome, number> {
  const chosen = new Map<Outcome, number>()
  let open = groups.flatMap(group => {
    chosen.set(group.ways[0] as Outcome, group.connections)
    return group.ways.slice(1).map(way => ({ group, way, moves: difference(way, group.ways[0] as Outcome) }))
  })
  while (open.length > 0) {
    const movers = new Map<string, number>()
    for (const { moves } of open) for (const series of moves.keys()) movers.set(series, (movers.get(series) ?? 0) + 1)
    const decided = open.find(({ moves }) => [...moves.keys()].some(series => movers.get(series) === 1)) ?? open[0]
    if (decided === undefined) break
    const { group, way, moves } = decided
    const telling = [...moves].find(([series]) => movers.get(series) === 1) ?? [...moves][0]
    const [series, by] = telling as [string, number]
    const left = chosen.get(group.ways[0] as Outcome) ?? 0
    const times = Math.max(0, Math.min(left, Math.trunc((rest.get(series) ?? 0) / by)))
    for (const [moved, each] of moves) rest.set(moved, (rest.get(moved) ?? 0) - each * times)
    chosen.set(way, times)
    chosen.set(group.ways[0] as Outcome, left - times)
    open = open.filter(one => one !== decided)
  }
  return chosen
}

/** By how much each series differs where a connection went the one way and not the other. Ways of a group differ. */
function difference(way: Outcome, first: Outcome): ReadonlyMap<string, number> {
  const series = new Set([...Object.keys(way.counts), ...Object.keys(first.counts)])
  const moves = [...series].map(name => [name, (way.counts[name] ?? 0) - (first.counts[name] ?? 0)] as const)
  return new Map(moves.filter(([, by]) => by !== 0))
}

function named(
  name: ExceptionName,
  groups: readonly Group[],
  chosen: ReadonlyMap<Outcome, number>,
  exposed: Exposed,
): readonly string[] {
  let [least, most] = [0, 0]
  for (const { ways } of groups) {
    for (const way of ways) {
      const [fewest, greatest] = way.exceptions[name] ?? [0, 0]
      least += fewest * (chosen.get(way) ?? 0)
      most += greatest * (chosen.get(way) ?? 0)
    }
  }
  const counter = counterOf(name)
  const is = exposed.get(counter)
  if ((is ?? 0) >= least && (is ?? 0) <= most) return []
  const range = least === most ? `${least}` : `${least} to ${most}`
  return [`${counter} is ${is ?? 'not exposed'}, where ${range} must be named`]
}
