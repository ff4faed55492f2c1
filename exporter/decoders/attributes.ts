import { type Fields, isObject } from './body.ts'
import { atPath } from './path.ts'

/**
 * The attributes of an OpenTelemetry log record, as a line of the stdout exporter or as a document of the Collector:
 * under `attributes` or `Attributes`, at the root, or under `labels`, where older set-ups turn dots into underscores.
 */
export interface Attributes {
  /** @param name dotted, as OpenTelemetry has it */
  read(name: string): unknown
  /** All whose name begins with the prefix, without it; names that lead on are left out. */
  under(prefix: string): Fields
}

/** The attributes among which this one is; undefined where it is nowhere. */
export function findAttributes(fields: Fields, probe: string): Attributes | undefined {
  for (const holder of [fields.attributes, fields.Attributes, fields]) {
    if (isObject(holder) && atPath(holder, probe) !== undefined) return dotted(holder)
  }
  const { labels } = fields
  if (!isObject(labels)) return undefined
  if (atPath(labels, probe) !== undefined) return dotted(labels)
  return Object.hasOwn(labels, underscored(probe)) ? flat(labels) : undefined
}

function dotted(holder: Fields): Attributes {
  return {
    read: name => atPath(holder, name),
    under: prefix => {
      const inner = atPath(holder, prefix)
      return { ...(isObject(inner) ? inner : {}), ...startingWith(holder, `${prefix}.`) }
    },
  }
}

function flat(labels: Fields): Attributes {
  return {
    read: name => (Object.hasOwn(labels, underscored(name)) ? labels[underscored(name)] : undefined),
    under: prefix => startingWith(labels, `${underscored(prefix)}_`),
  }
}

function startingWith(fields: Fields, start: string): Fields {
  const found = Object.entries(fields).filter(([name]) => name.startsWith(start))
  return Object.fromEntries(found.map(([name, value]) => [name.slice(start.length), value]))
}

function underscored(name: string): string {
  return name.replaceAll('.', '_')
}
