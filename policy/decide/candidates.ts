import type { ResolvedTerm } from '../language/resolved.ts'
import { type EndView, UNCERTAIN } from './end-view.ts'
import { networkOf } from './network-classes.ts'
import { parentOf } from './terms.ts'
import { FALSE } from './truth.ts'

/** Positions of conjunctions, ascending. */
type Positions = readonly number[]

/** By which term a conjunction is found, the most selective kind first. Patterns of identities are found by none. */
const kinds = ['host', 'service-identity', 'label', 'zone', 'namespace', 'network'] as const

/** The conjunctions that are found by the same property. */
interface Table {
  readonly byKey: Map<string | number, number[]>
  /** All of them, for an end of which the property is unknown. */
  readonly all: number[]
}

const NONE: Positions = []

/**
 * Conjunctions, found by one term of each: those that an end may satisfy are few, whatever their number is. Each is in at most
 * one of the lists that are found.
 */
export class Candidates {
  /** What was found last: the first `lists` of `found`, with `size` positions together. */
  readonly found: Positions[] = []
  lists = 0
  size = 0

  readonly #others: number[] = []
  readonly #labels: readonly (readonly [label: string, table: Table])[]
  readonly #host: Table | undefined
  readonly #hasPatterns: boolean
  readonly #identity: Table | undefined
  readonly #zone: Table | undefined
  readonly #namespace: Table | undefined
  readonly #network: Table | undefined

  constructor(conjunctions: readonly (readonly ResolvedTerm[])[]) {
    const tables = new Map<string, Table>()
    const labels = new Map<string, Table>()
    for (const [position, terms] of conjunctions.entries()) {
      const term = mostSelective(terms)
      if (term === undefined) this.#others.push(position)
      else if (term.kind === 'label') add(tableOf(labels, term.label), term.value, position)
      else add(tableOf(tables, term.kind), keyOf(term), position)
    }
    this.#labels = [...labels]
    this.#host = tables.get('host')
    this.#hasPatterns = [...(this.#host?.byKey.keys() ?? [])].some(key => String(key).startsWith('*'))
    this.#identity = tables.get('service-identity')
    this.#zone = tables.get('zone')
    this.#namespace = tables.get('namespace')
    this.#network = tables.get('network')
  }

  /** Finds the conjunctions that are not false by the term that they are found by. */
  find(view: EndView): void {
    const { end } = view
    this.lists = 0
    this.size = 0
    if (this.#others.length > 0) this.#take(this.#others)
    if (this.#host !== undefined) this.#takeHosts(this.#host, end.names)
    if (this.#identity !== undefined) this.#takeBy(this.#identity, view.identity, view.withoutIdentity)
    for (const [label, table] of this.#labels) this.#takeBy(table, view.label(label), view.withoutLabel)
    if (this.#zone !== undefined) {
      this.#take(view.zone === UNCERTAIN ? this.#zone.all : this.#zone.byKey.get(view.zone))
    }
    if (this.#namespace !== undefined) this.#takeBy(this.#namespace, end.namespace, view.withoutNamespace)
    if (this.#network !== undefined) {
      if (view.networks === undefined) this.#take(this.#network.all)
      else for (const cidr of view.networks) this.#take(this.#network.byKey.get(cidr))
    }
  }

  #takeBy({ byKey, all }: Table, key: string | undefined, absent: number): void {
    if (key !== undefined) this.#take(byKey.get(key))
    else if (absent !== FALSE) this.#take(all)
  }

  #takeHosts({ byKey, all }: Table, names: readonly string[] = []): void {
    const [first] = names
    if (first === undefined) this.#take(all)
    else if (names.length === 1) {
      this.#take(byKey.get(first))
      if (this.#hasPatterns) this.#take(byKey.get(parentOf(first) ?? ''))
    } else {
      for (const key of new Set(names.flatMap(name => [name, parentOf(name) ?? '']))) this.#take(byKey.get(key))
    }
  }

  #take(positions: Positions = NONE): void {
    if (positions.length === 0) return
    this.found[this.lists] = positions
    this.lists += 1
    this.size += positions.length
  }
}

type KeyTerm = Exclude<ResolvedTerm, { kind: 'any' | 'label' }>

function mostSelective(terms: readonly ResolvedTerm[]) {
  return kinds
    .map(kind =>
      terms.find((term): term is Exclude<ResolvedTerm, { kind: 'any' }> => term.kind === kind && isKey(term)),
    )
    .find(term => term !== undefined)
}

const isKey = (term: ResolvedTerm) => term.kind !== 'service-identity' || !term.name.endsWith('*')

const keyOf = (term: KeyTerm): string | number =>
  term.kind === 'zone' ? term.zone : term.kind === 'network' ? networkOf(term.cidr).text : term.name

function tableOf(tables: Map<string, Table>, name: string): Table {
  const table = tables.get(name) ?? { byKey: new Map(), all: [] }
  tables.set(name, table)
  return table
}

function add({ byKey, all }: Table, key: string | number, position: number): void {
  all.push(position)
  const positions = byKey.get(key) ?? []
  byKey.set(key, positions)
  positions.push(position)
}
