import loadHighs from 'highs'
import { type ExceptionName, exceptions, type Outcome } from './oracle.ts'
import { seriesName } from './series-name.ts'

/** Connections that may each have been counted in any of these ways. */
interface Group {
  readonly ways: readonly Outcome[]
  readonly connections: number
}

/** What an exporter exposes, by series name; see seriesName. */
export type Exposed = ReadonlyMap<string, number>

// The package's types are those of its CommonJS build.
const solver = await (loadHighs as unknown as typeof loadHighs.default)()

/**
 * Compares what is exposed with the ways in which each connection may have been counted: there must be one choice of
 * ways that gives every series, and the counters that name exceptions must say what that choice says. The choice is an
 * integer program, which HiGHS solves: of all choices, the one that leaves the least difference.
 *
 * @param outcomes of each connection
 * @param exposed the series of the stories' metrics, and the counters of exceptions
 * @returns sentences about what does not fit; none where all is true
 */
export function verdict(outcomes: readonly (readonly Outcome[])[], exposed: Exposed): readonly string[] {
  const groups = grouped(outcomes)
  const chosen = choose(groups, exposed)
  const counters = new Set(names.map(counterOf))
  const series = new Set([...exposed.keys(), ...groups.flatMap(seriesOf)])
  const wrong = [...series].flatMap(name => {
    const is = exposed.get(name) ?? 0
    const by = is - sumOf(chosen, ({ counts }) => counts[name] ?? 0)
    if (counters.has(name) || by === 0) return []
    return [`${name} is ${is}, ${by > 0 ? `${by} more` : `${-by} fewer`} than the truth`]
  })
  return [...wrong, ...names.flatMap(name => misnamed(name, chosen, exposed))]
}

const names = Object.keys(exceptions) as ExceptionName[]

function counterOf(name: ExceptionName): string {
  const { metric, labels } = exceptions[name]
  return seriesName(metric, labels)
}

function grouped(outcomes: readonly (readonly Outcome[])[]): readonly Group[] {
  const groups = Map.groupBy(outcomes, ways => JSON.stringify(ways))
  return [...groups.values()].map(all => ({ ways: all[0] ?? [], connections: all.length }))
}

function seriesOf({ ways }: Group): readonly string[] {
  return ways.flatMap(({ counts }) => Object.keys(counts))
}

/** How many connections went each way. */
type Chosen = readonly { readonly way: Outcome; readonly connections: number }[]

function sumOf(chosen: Chosen, amount: (way: Outcome) => number): number {
  return chosen.reduce((sum, { way, connections }) => sum + amount(way) * connections, 0)
}

/** A difference in a series weighs more than one in a counter of exceptions, which can be explained by it. */
const COST = { series: 2, exception: 1 } as const

function choose(groups: readonly Group[], exposed: Exposed): Chosen {
  const ways = groups.flatMap(({ ways }, group) => ways.map((way, index) => ({ way, name: `x${group}_${index}` })))
  const program = new Program()
  for (const [group, { connections }] of groups.entries()) {
    const members = ways.filter(({ name }) => name.startsWith(`x${group}_`))
    program.equal(
      members.map(({ name }) => [1, name]),
      connections,
    )
  }
  const terms = (amount: (way: Outcome) => number) =>
    ways.map(({ way, name }): Term => [amount(way), name]).filter(([factor]) => factor !== 0)
  for (const series of new Set(groups.flatMap(seriesOf))) {
    program.near(
      terms(({ counts }) => counts[series] ?? 0),
      exposed.get(series) ?? 0,
      COST.series,
    )
  }
  for (const name of names) {
    const is = exposed.get(counterOf(name)) ?? 0
    program.atMost(
      terms(way => way.exceptions[name]?.[0] ?? 0),
      is,
      COST.exception,
    )
    program.atLeast(
      terms(way => way.exceptions[name]?.[1] ?? 0),
      is,
      COST.exception,
    )
  }
  const values = program.solve(ways.map(({ name }) => name))
  return ways.map(({ way, name }) => ({ way, connections: values(name) }))
}

type Term = readonly [factor: number, variable: string]

/** An integer program in the LP format of CPLEX, which may miss its bounds at a cost. */
class Program {
  readonly #rows: string[] = []
  readonly #costs: string[] = []

  equal(terms: readonly Term[], to: number): void {
    if (terms.length > 0) this.#rows.push(`${linear(terms)} = ${to}`)
  }

  near(terms: readonly Term[], to: number, cost: number): void {
    this.equal([...terms, [1, this.#slack(cost)], [-1, this.#slack(cost)]], to)
  }

  atMost(terms: readonly Term[], most: number, cost: number): void {
    if (terms.length > 0) this.#rows.push(`${linear([...terms, [-1, this.#slack(cost)]])} <= ${most}`)
  }

  atLeast(terms: readonly Term[], least: number, cost: number): void {
    this.#rows.push(`${linear([...terms, [1, this.#slack(cost)]])} >= ${least}`)
  }

  /** @returns the value of each variable */
  solve(integers: readonly string[]): (variable: string) => number {
    if (integers.length === 0) return () => 0
    const rows = this.#rows.map((row, index) => ` r${index}: ${row}`)
    const text = ['Minimize', ` cost: ${this.#costs.join(' + ')}`, 'Subject To', ...rows, 'General', ...integers, 'End']
    const { Status, Columns } = solver.solve(text.join('\n'))
    if (Status !== 'Optimal') throw new Error(`the choice of ways was not solved: ${Status}`)
    return variable => Math.round(Number(Columns[variable]?.Primal ?? 0))
  }

  #slack(cost: number): string {
    const name = `s${this.#costs.length}`
    this.#costs.push(`${cost} ${name}`)
    return name
  }
}

function linear(terms: readonly Term[]): string {
  return terms.map(([factor, variable]) => `${factor < 0 ? '-' : '+'} ${Math.abs(factor)} ${variable}`).join(' ')
}

function misnamed(name: ExceptionName, chosen: Chosen, exposed: Exposed): readonly string[] {
  const least = sumOf(chosen, way => way.exceptions[name]?.[0] ?? 0)
  const most = sumOf(chosen, way => way.exceptions[name]?.[1] ?? 0)
  const counter = counterOf(name)
  const is = exposed.get(counter)
  if ((is ?? 0) >= least && (is ?? 0) <= most) return []
  const range = least === most ? `${least}` : `${least} to ${most}`
  return [`${counter} is ${is ?? 'not exposed'}, where ${range} must be named`]
}
