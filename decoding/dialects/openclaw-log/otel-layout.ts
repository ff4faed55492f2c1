import { isObject } from '../../../core/json.ts'
import { type Attributes, attributeFields, attributeName, findAttributes } from '../../toolkit/attributes.ts'
import { type Fields, textOf } from '../../toolkit/fields.ts'
import { readStoredTime } from '../../toolkit/time.ts'
import { recordTraceFields } from '../../toolkit/trace.ts'
import { type LogLine, type Meta, metaNames, withoutColours } from './templates/log-line.ts'

/** Body of a log record whose message was withheld (`diagnostics.otel.captureContent: false`). */
const WITHHELD = 'log'
const SUBSYSTEM = attributeName('openclaw.subsystem')
const LEVEL = attributeName('openclaw.log.level')
const LOGGER = attributeName('openclaw.logger')
/** Every record of the plugin has one of them. */
const PROBES = [SUBSYSTEM, LEVEL, LOGGER]
const HANDSHAKE = attributeName('openclaw.handshake')
const META = metaNames.map(name => [name, attributeName(`openclaw.${name}`)] as const)
const REFUSED_CONNECTION = 'closed before connect conn='

/** Fields of a document with a record in this layout. */
export const otelLayoutFields = [
  '@timestamp',
  'ts',
  'body',
  'Body',
  'message',
  ...attributeFields('openclaw'),
  ...recordTraceFields,
]

export const isOtelLayout = (fields: Fields): boolean => attributesOf(fields) !== undefined

function attributesOf(fields: Fields): Attributes | undefined {
  return findAttributes(fields, PROBES)
}

/**
 * Reads an ordinary log line as `diagnostics-otel` exports it: meta as attributes `openclaw.<key>`, the message in the
 * body unless it is withheld. A refused connection is recognised by its meta even then, but without its connection id,
 * so that it has no pair. Undefined for every other record.
 */
export function readOtelLayout(fields: Fields): LogLine | undefined {
  const attributes = attributesOf(fields)
  if (attributes === undefined) return undefined
  const meta = metaOf(attributes)
  const subsystem = textOf(attributes.read(SUBSYSTEM)) ?? ''
  const body = bodyOf(fields)
  const withheld = body === undefined || body === WITHHELD
  return {
    subsystem,
    text: withheld ? textOfMeta(meta, attributes) : withoutColours(body),
    meta,
    fields,
    time: readStoredTime(fields),
    host: undefined,
    ...(withheld && { withheld: true }),
  }
}

function metaOf(attributes: Attributes): Meta {
  const meta: Record<string, unknown> = {}
  for (const [name, attribute] of META) {
    const value = attributes.read(attribute)
    if (value !== undefined) meta[name] = value
  }
  return meta
}

function bodyOf({ body, Body, message }: Fields): string | undefined {
  const inner = isObject(body) ? body.text : body
  if (typeof inner === 'string') return inner
  if (typeof Body === 'string') return Body
  return typeof message === 'string' ? message : undefined
}

/** Of the lines with a cause, only those of connections that were never admitted have a pending or failed handshake. */
function textOfMeta({ cause }: Meta, attributes: Attributes): string {
  if (typeof cause !== 'string') return ''
  const handshake = attributes.read(HANDSHAKE)
  return handshake === 'failed' || handshake === 'pending' ? REFUSED_CONNECTION : ''
}
