import { asConsoleLine } from '../layouts.ts'

type Document = Record<string, unknown>

/** What a shipper adds of its own: its words must never be taken for OpenClaw's. */
const shippers = {
  '@timestamp': '2026-11-23T00:00:00.000Z',
  agent: { type: 'filebeat' },
  event: { ingested: '2026-11-23T00:00:01.000Z' },
  host: { name: 'shipper-host' },
}

/** The shapes in which one line of the file log may be stored: laid out by hand as shippers document it, none captured. */
export const shapesOfLines: Readonly<Record<string, (line: string) => Document>> = {
  'parsed at the root': line => ({ ...shippers, ...JSON.parse(line) }),
  'parsed under openclaw': line => ({ ...shippers, message: line.slice(0, 20), openclaw: JSON.parse(line) }),
  'parsed under json': line => ({ ...shippers, message: 'read from a file', json: JSON.parse(line) }),
  'parsed under json, with dotted keys': line => ({ ...shippers, ...dotted('json', JSON.parse(line)) }),
  'parsed at the root, with dotted keys': line => ({ ...shippers, ...dotted('', JSON.parse(line)) }),
  'parsed into a body of the Collector': line => ({ ...shippers, body: { structured: JSON.parse(line) } }),
  'raw in message': line => ({ ...shippers, message: line }),
  'raw in event.original': line => ({ ...shippers, message: 'shortened', event: { original: line } }),
  'raw in a dotted event.original': line => ({ ...shippers, 'event.original': line }),
  'raw in log': line => ({ ...shippers, log: line }),
  'raw in MESSAGE': line => ({ ...shippers, MESSAGE: line }),
  'raw in body.text': line => ({ ...shippers, body: { text: line } }),
}

/** The same for lines of the JSON console. */
export const shapesOfConsoleLines: typeof shapesOfLines = {
  'flat at the root': line => ({ ...shippers, ...JSON.parse(asConsoleLine(line)) }),
  'flat under json': line => ({ ...shippers, message: 'read', json: JSON.parse(asConsoleLine(line)) }),
  'raw in message': line => ({ ...shippers, message: asConsoleLine(line) }),
}

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
    resource: { attributes: { 'service.name': 'openclaw-gateway', 'host.name': 'shipper-host' } },
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
  const root: Document = {}
  for (const [key, value] of Object.entries(attributes)) {
    const parts = key.split('.')
    let inner = root
    for (const part of parts.slice(0, -1)) {
      inner[part] ??= {}
      inner = inner[part] as Document
    }
    inner[parts.at(-1) ?? ''] = value
  }
  return root
}
