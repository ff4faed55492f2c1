import type { ResolvedZone } from '../language/resolved.ts'
import { type Disjointness, isWithin, type Literal, type Property, propertiesOf } from './literals.ts'
import { aspectOf, createPropertyIndex, type PropertyIndex } from './property-index.ts'

/** One alternative of the members of a zone. */
export interface ZoneMember {
  readonly zone: number
  /** All must hold. */
  readonly properties: readonly Property[]
  /** That each of them does not. */
  readonly negated: readonly Literal[]
}

/** Members that ask for the same aspects of an end. */
interface Shape {
  readonly aspects: ReadonlySet<string>
  /** One of each aspect. */
  readonly examples: readonly Property[]
  readonly positions: number[]
  readonly indices: Map<string, PropertyIndex>
}

/** The members of all zones in their order, found by the properties of an end without a look at each of them. */
export class ZoneMembers {
  readonly all: readonly ZoneMember[]
  readonly #disjointness: Disjointness
  readonly #shapes: readonly Shape[]
  /** Position of the first member of each zone. */
  readonly #starts: readonly number[]

  constructor(zones: readonly ResolvedZone[], disjointness: Disjointness) {
    this.#disjointness = disjointness
    const starts: number[] = []
    const all: ZoneMember[] = []
    for (const [zone, { members }] of zones.entries()) {
      starts.push(all.length)
      for (const terms of members) {
        const properties = propertiesOf(terms)
        all.push({ zone, properties, negated: properties.map(property => ({ property, isNegated: true })) })
      }
    }
    this.all = all
    this.#starts = starts
    this.#shapes = shapesOf(all, disjointness)
  }

  /** Those of a zone. */
  of(zone: number): readonly ZoneMember[] {
    return this.all.slice(this.#starts[zone] ?? this.all.length, this.#starts[zone + 1] ?? this.all.length)
  }

  /** Those of earlier zones that an end with all of some properties may be among, in order. */
  before(zone: number, properties: readonly Property[]): readonly ZoneMember[] {
    return this.#find(this.#shapes, properties, this.#starts[zone] ?? this.all.length)
  }

  /** Those that an end with all of some properties may be among, in order. */
  possible(properties: readonly Property[]): readonly ZoneMember[] {
    return this.#find(this.#shapes, properties, this.all.length)
  }

  /** Whether every end with all of some properties is in a zone; without a zone that is given, in an earlier one. */
  isWithinAny(properties: readonly Property[], zone?: number): boolean {
    const aspects = new Set(properties.map(aspectOf))
    const shapes = this.#shapes.filter(shape => [...shape.aspects].every(aspect => aspects.has(aspect)))
    const end = zone === undefined ? this.all.length : (this.#starts[zone] ?? this.all.length)
    return this.#find(shapes, properties, end).some(member =>
      member.properties.every(one => properties.some(other => isWithin(other, one))),
    )
  }

  #find(shapes: readonly Shape[], properties: readonly Property[], end: number): readonly ZoneMember[] {
    const { areDisjoint, areKindsDisjoint } = this.#disjointness
    const found: number[] = []
    let lists = 0
    for (const { examples, positions, indices, aspects: own } of shapes) {
      if (examples.some(one => properties.some(other => areKindsDisjoint(one, other)))) continue
      const common = properties.find(property => own.has(aspectOf(property)))
      const some = common && indices.get(aspectOf(common))?.find(common)
      lists += some === undefined ? 1 : 2
      for (const position of some ?? positions) {
        if (position >= end) {
          // Those that were looked up are not in order.
          if (some === undefined) break
          continue
        }
        const member = this.all[position] as ZoneMember
        const isApart =
          common !== undefined && member.properties.some(one => properties.some(other => areDisjoint(one, other)))
        if (!isApart) found.push(position)
      }
    }
    if (lists > 1) found.sort((a, b) => a - b)
    return found.map(position => this.all[position] as ZoneMember)
  }
}

function shapesOf(members: readonly ZoneMember[], { areKindsDisjoint, hasOneName }: Disjointness): readonly Shape[] {
  const shapes = new Map<string, Shape>()
  for (const [position, { properties }] of members.entries()) {
    const aspects = new Set(properties.map(aspectOf))
    // Of a kind, some values may be disjoint from other kinds and some not.
    const kinds = properties.map(
      one => `${aspectOf(one)} ${areKindsDisjoint(one, WORKLOAD)} ${areKindsDisjoint(one, HOST)}`,
    )
    const key = JSON.stringify(kinds.toSorted())
    const shape: Shape = shapes.get(key) ?? { aspects, examples: properties, positions: [], indices: new Map() }
    shapes.set(key, shape)
    shape.positions.push(position)
    const indexed = new Set<string>()
    for (const property of properties) {
      const aspect = aspectOf(property)
      // Of several of one kind the first is enough: the others are compared afterwards.
      if (indexed.has(aspect)) continue
      indexed.add(aspect)
      const index = shape.indices.get(aspect) ?? createPropertyIndex(aspect, hasOneName)
      shape.indices.set(aspect, index)
      index.add(property, position)
    }
  }
  return [...shapes.values()]
}

const WORKLOAD: Property = { kind: 'namespace', name: '' }
const HOST: Property = { kind: 'host', name: '' }
