import { isObject } from '../../core/json.ts'
import { envelopeFixtures, SHIPPER_HOST } from './envelope-fixtures.ts'
import { asConsoleLine } from './layouts.ts'

type Document = Readonly<Record<string, unknown>>

/** What a shipper adds of its own: its words must never be taken for OpenClaw's. */
const shippers = {
  '@timestamp': '2026-11-23T00:00:00.000Z',
  agent: { type: 'filebeat' },
  event: { ingested: '2026-11-23T00:00:01.000Z' },
  host: { name: SHIPPER_HOST },
}

/** The shapes in which one line may be stored: laid out by hand as shippers document it, none captured. */
export const shapesOfLines: Readonly<Record<string, (line: string) => Document>> = {
  'parsed at the root': line => ({ ...shippers, ...JSON.parse(line) }),
  'parsed at the root, with dotted keys': line => ({ ...shippers, ...dotted('', JSON.parse(line)) }),
  ...envelopeFixtures,
}

/** The same for lines of the JSON console. */
export const shapesOfConsoleLines: typeof shapesOfLines = Object.fromEntries(
  Object.entries(shapesOfLines).map(([shape, write]) => [`console, ${shape}`, line => write(asConsoleLine(line))]),
)

function dotted(prefix: string, value: Document): Document {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      const path = prefix === '' ? key : `${prefix}.${key}`
      const leads = typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      return leads ? Object.entries(dotted(path, inner as Document)) : [[path, inner]]
    }),
  )
}

/** Attributes of a log record by the Collector's mapping modes; `text` is its body. Read in documentation, not captured. */
export const mappingModes: Readonly<Record<string, (attributes: Document, text: string) => Document>> = {
  ecs: (attributes, text) => ({ ...shippers, ...attributes, message: text }),
  'ecs, nested': (attributes, text) => ({ ...shippers, ...unfolded(attributes), message: text }),
  raw: (attributes, text) => ({ '@timestamp': shippers['@timestamp'], Body: text, ...attributes }),
  none: (attributes, text) => ({ '@timestamp': shippers['@timestamp'], Body: text, Attributes: attributes }),
  otel: (attributes, text) => ({
    '@timestamp': '1795392000000.123456',
    attributes,
    body: { text },
    resource: { attributes: { 'service.name': 'openclaw-gateway', 'host.name': SHIPPER_HOST } },
  }),
  'labels, underscored': (attributes, text) => ({
    ...shippers,
    message: text,
    labels: Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key.replaceAll('.', '_'), value])),
  }),
}

/** The time of every document of `mappingModes`. */
export const MODE_TIME = Date.parse(shippers['@timestamp'])

function unfolded(attributes: Document): Document {
  const root: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(attributes)) {
    const parts = key.split('.')
    let inner: Record<string, unknown> | undefined = root
    for (const part of parts.slice(0, -1)) {
      inner[part] ??= {}
      const below: unknown = inner[part]
      // A value has no fields: no document has both.
      inner = isObject(below) ? (below as Record<string, unknown>) : undefined
      if (inner === undefined) break
    }
    if (inner !== undefined) inner[parts.at(-1) ?? ''] = value
  }
  return root
}
