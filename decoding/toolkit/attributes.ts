import { isObject } from '../../core/json.ts'
import type { Fields } from './fields.ts'
import { asKey, type PathReader, pathReader } from './path.ts'

/** The name of an attribute, or the beginning of several names, in the forms in which it may be written. */
export interface AttributeName {
  /** The value in a holder with dotted names. */
  readonly read: PathReader
  readonly dotted: string
  readonly underscored: string
  readonly parts: readonly string[]
}

/** @param dotted the name in OpenTelemetry's notation */
export function attributeName(dotted: string): AttributeName {
  return {
    read: pathReader(dotted),
    dotted: asKey(dotted),
    underscored: asKey(dotted.replaceAll('.', '_')),
    parts: dotted.split('.').map(asKey),
  }
}

/**
 * The attributes of an OpenTelemetry log record, as a line of the stdout exporter or as a document of the Collector:
 * under `attributes` or `Attributes`, at the root, or under `labels`, where older installations replace dots by
 * underscores.
 */
export interface Attributes {
  read(name: AttributeName): unknown
  /** The object with all attributes whose names start with the prefix; undefined where some have dotted names. */
  objectAt(prefix: AttributeName): Fields | undefined
}

/** Fields of a document in which attributes whose names start with this one may be. */
export function attributeFields(root: string): readonly string[] {
  return ['attributes', 'Attributes', root, `${root}.*`, 'labels']
}

/** The attributes that contain one of these; undefined if there are none. */
export function findAttributes(fields: Fields, probes: readonly AttributeName[]): Attributes | undefined {
  const { attributes, Attributes: capitalised, labels } = fields
  if (isObject(attributes) && hasAny(attributes, probes)) return dotted(attributes)
  if (isObject(capitalised) && hasAny(capitalised, probes)) return dotted(capitalised)
  if (hasAny(fields, probes)) return dotted(fields)
  if (!isObject(labels)) return undefined
  if (hasAny(labels, probes)) return dotted(labels)
  return probes.some(({ underscored }) => Object.hasOwn(labels, underscored)) ? flat(labels) : undefined
}

function hasAny(holder: Fields, probes: readonly AttributeName[]): boolean {
  for (let index = 0; index < probes.length; index++) {
    if ((probes[index] as AttributeName).read(holder) !== undefined) return true
  }
  return false
}

function dotted(holder: Fields): Attributes {
  let isFlat: boolean | undefined
  return {
    read(name) {
      if (Object.hasOwn(holder, name.dotted)) return holder[name.dotted]
      isFlat ??= hasNoObject(holder)
      return isFlat ? undefined : name.read(holder)
    },
    objectAt: prefix => objectAt(holder, prefix.parts),
  }
}

function objectAt(holder: Fields, parts: readonly string[]): Fields | undefined {
  let inner = holder
  for (const part of parts) {
    const next = Object.hasOwn(inner, part) ? inner[part] : undefined
    if (!isObject(next)) return undefined
    for (const key in inner) if (key.length > part.length && key.startsWith(part)) return undefined
    inner = next
  }
  return inner
}

/** True of most holders: one look at their values saves the search for each attribute that is not there. */
function hasNoObject(holder: Fields): boolean {
  for (const key in holder) if (isObject(holder[key])) return false
  return true
}

function flat(labels: Fields): Attributes {
  return {
    read: ({ underscored }) => (Object.hasOwn(labels, underscored) ? labels[underscored] : undefined),
    objectAt: () => undefined,
  }
}
