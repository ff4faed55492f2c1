import type { ResolvedTerm } from '../language/resolved.ts'
import { type EndView, UNCERTAIN } from './end-view.ts'
import { networkOf } from './network-classes.ts'
import { parentOf } from './terms.ts'
import { FALSE } from './truth.ts'

/** Positions of conjunctions, ascending. */
type Positions = readonly number[]

/**
 * Conjunctions, found by one term of each: those that an end may satisfy are few, whatever their number is. Each is in at most
 * one of the lists that are found.
 */
export interface Candidates {
  /** Puts the lists of conjunctions that are not false by their term into an array, and gives their number. */
  find(end: EndView, into: Positions[]): number
}

/** Of which term a conjunction is found by, the most selective first. Patterns of identities are found by none. */
const kinds = ['host', 'service-identity', 'label', 'zone', 'namespace', 'network'] as const
type Kind = (typeof kinds)[number]

interface Table {
  readonly byKey: Map<string | number, number[]>
  /** All of them, for an end of which it is unknown. */
  readonly all: number[]
}

const NONE: Positions = []

export function createCandidates(conjunctions: readonly (readonly ResolvedTerm[])[]): Candidates {
  const tables = new Map<Kind, Table>()
  const byLabel = new Map<string, Table>()
  const others: number[] = []
  for (const [position, terms] of conjunctions.entries()) {
    const term = kinds.map(kind => terms.find(one => one.kind === kind && isKey(one))).find(one => one !== undefined)
    if (term === undefined) others.push(position)
    else if (term.kind === 'label') add(tableOf(byLabel, term.label), term.value, position)
    else add(tableOf(tables, term.kind as Kind), keyOf(term), position)
  }
  const labels = [...byLabel]
  const [host, identity, zone, namespace, network] = (
    ['host', 'service-identity', 'zone', 'namespace', 'network'] as const
  ).map(kind => tables.get(kind))

  return {
    find(end, into) {
      let found = 0
      const take = (positions: Positions | undefined) => {
        if (positions !== undefined && positions.length > 0) into[found++] = positions
      }
      take(others)
      if (host !== undefined) {
        const { names } = end.end
        if (names === undefined || names.length === 0) take(host.all)
        else if (names.length === 1) {
          const [name = ''] = names
          take(host.byKey.get(name))
          take(host.byKey.get(parentOf(name) ?? ''))
        } else {
          const keys = new Set(names.flatMap(name => [name, parentOf(name) ?? '']))
          for (const key of keys) take(host.byKey.get(key))
        }
      }
      if (identity !== undefined) {
        if (end.identity !== undefined) take(identity.byKey.get(end.identity))
        else if (end.absent('identity') !== FALSE) take(identity.all)
      }
      for (const [label, table] of labels) {
        const value = end.label(label)
        if (value !== undefined) take(table.byKey.get(value))
        else if (end.absent('labels') !== FALSE) take(table.all)
      }
      if (zone !== undefined) take(end.zone === UNCERTAIN ? zone.all : zone.byKey.get(end.zone))
      if (namespace !== undefined) {
        if (end.end.namespace !== undefined) take(namespace.byKey.get(end.end.namespace))
        else if (end.absent('namespace') !== FALSE) take(namespace.all)
      }
      if (network !== undefined) {
        if (end.networks === undefined) take(network.all)
        else for (const cidr of end.networks) take(network.byKey.get(cidr))
      }
      into.fill(NONE, found)
      return found
    },
  }
}

const isKey = (term: ResolvedTerm) => term.kind !== 'service-identity' || !term.name.endsWith('*')

function keyOf(term: ResolvedTerm): string | number {
  switch (term.kind) {
    case 'host':
    case 'service-identity':
    case 'namespace':
      return term.name
    case 'zone':
      return term.zone
    case 'network':
      return networkOf(term.cidr).text
    default:
      return ''
  }
}

function tableOf<K>(tables: Map<K, Table>, name: K): Table {
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
