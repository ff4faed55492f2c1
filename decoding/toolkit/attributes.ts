import { type Fields, isObject } from './fields.ts'
import { type PathReader, pathReader } from './path.ts'

/** The name of an attribute, or what several names begin with, in the ways in which it may be written. */
export interface AttributeName {
  /** Its value in a holder that keeps the dots. */
  readonly read: PathReader
  readonly dotted: string
  readonly underscored: string
}

/** @param dotted as OpenTelemetry has it */
export function attributeName(dotted: string): AttributeName {
  return { read: pathReader(dotted), dotted, underscored: dotted.replaceAll('.', '_') }
}

/**
 * The attributes of an OpenTelemetry log record, as a line of the stdout exporter or as a document of the Collector:
 * under `attributes` or `Attributes`, at the root, or under `labels`, where older set-ups turn dots into underscores.
 */
export interface Attributes {
  read(name: AttributeName): unknown
  /** All whose name begins with the prefix, without it; names that lead on are left out. */
  under(prefix: AttributeName): Fields
}

/** Fields of a document in which attributes whose names begin with this one may be. */
export function attributeFields(root: string): readonly string[] {
  return ['attributes', 'Attributes', root, `${root}.*`, 'labels']
}

/** The attributes among which this one is; undefined where it is nowhere. */
export function findAttributes(fields: Fields, probe: AttributeName): Attributes | undefined {
  for (const holder of [fields.attributes, fields.Attributes, fields]) {
    if (isObject(holder) && probe.read(holder) !== undefined) return dotted(holder)
  }
  const { labels } = fields
  if (!isObject(labels)) return undefined
  if (probe.read(labels) !== undefined) return dotted(labels)
  return Object.hasOwn(labels, probe.underscored) ? flat(labels) : undefined
}

function dotted(holder: Fields): Attributes {
  return {
    read: name => name.read(holder),
    under: prefix => {
      const inner = prefix.read(holder)
      return { ...(isObject(inner) ? inner : {}), ...startingWith(holder, `${prefix.dotted}.`) }
    },
  }
}

function flat(labels: Fields): Attributes {
  return {
    read: ({ underscored }) => (Object.hasOwn(labels, underscored) ? labels[underscored] : undefined),
    under: prefix => startingWith(labels, `${prefix.underscored}_`),
  }
}

function startingWith(fields: Fields, start: string): Fields {
  const found = Object.entries(fields).filter(([name]) => name.startsWith(start))
  return Object.fromEntries(found.map(([name, value]) => [name.slice(start.length), value]))
}
