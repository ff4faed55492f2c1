import { randomUUID } from 'node:crypto'
import type { Client } from '@elastic/elasticsearch'
import type { Mark } from '../servers/compared-again.ts'
import { connection, type Story } from '../state/lines.ts'

export interface Writing {
  /** How many connections. */
  readonly connections: number
  /** When the shipper says to have read the lines. Default: now. */
  readonly ingested?: number
  /** Default: about when they were read. */
  readonly eventTime?: number
  readonly host?: string
  /** Where they go. Default: the index itself. */
  readonly index?: string
}

/** A document as it was written, so that it can be written again. */
export interface Written {
  readonly id: string
  readonly document: Readonly<Record<string, unknown>>
}

/** A third of the usual, as the lag of ObservedExporter is: what is waited for most often. */
const REFRESH_INTERVAL = '300ms'

const TOLD: readonly Story[] = ['pair', 'origin', 'suppressed', 'noise', 'disconnect']
const OPAQUE = { type: 'object', enabled: false } as const
/** OpenClaw's positional keys change their type from line to line. */
const PROPERTIES = {
  '@timestamp': { type: 'date' },
  event: { properties: { ingested: { type: 'date' } } },
  host: { properties: { name: { type: 'keyword' } } },
  _meta: OPAQUE,
  ...Object.fromEntries(['0', '1', '2', '3'].map(key => [key, OPAQUE])),
} as const

/** An index with OpenClaw's lines in it, and the failures that they tell of: the truth of a test. */
export class OpenclawIndex {
  readonly name: string
  /** Failed sign-ins by reason. */
  readonly truth = new Map<string, number>()
  readonly #client: Client
  /** Of its rollover, the index that was created last. */
  #newest: string

  constructor(client: Client, name = `openclaw-${randomUUID().slice(0, 8)}`) {
    this.#client = client
    this.name = name
    this.#newest = name
  }

  async create(settings: Readonly<Record<string, unknown>> = {}, name = this.name): Promise<this> {
    await this.#client.indices.create({
      index: name,
      settings: {
        number_of_replicas: 0,
        refresh_interval: REFRESH_INTERVAL,
        'index.unassigned.node_left.delayed_timeout': '0s',
        ...settings,
      },
      mappings: { dynamic: false, properties: PROPERTIES },
    })
    this.#newest = name
    return this
  }

  /** Writes lines of so many connections; they count when Elasticsearch has taken them. */
  async write(writing: Writing): Promise<readonly Written[]> {
    const counts = new Map<string, number>()
    const written = this.documents(writing, counts)
    await this.put(written, writing.index)
    for (const [reason, count] of counts) this.truth.set(reason, (this.truth.get(reason) ?? 0) + count)
    return written
  }

  /** What `write` would write; the failures that it tells of are added to `counts`. */
  documents(
    { connections, ingested, eventTime, host = 'gw-1' }: Writing,
    counts = new Map<string, number>(),
  ): Written[] {
    const stamp = ingested ?? Date.now()
    return Array.from({ length: connections }, (_, number) => {
      const { lines, reason, failures } = connection(TOLD[number % TOLD.length] as Story, host, eventTime ?? stamp - 50)
      if (failures > 0) counts.set(reason, (counts.get(reason) ?? 0) + failures)
      return lines.map(line => ({ id: randomUUID(), document: documentOf(line, host, stamp) }))
    }).flat()
  }

  /** Writes documents as they are; those that are there already are left alone. Rejects where one is refused. */
  async put(documents: readonly Written[], index = this.name): Promise<void> {
    const operations = documents.flatMap(({ id, document }) => [{ create: { _index: index, _id: id } }, document])
    const { items } = await this.#client.bulk({
      operations,
      filter_path: ['errors', 'items.*.error', 'items.*.status'],
    })
    const refused = items.find(item => item.create?.error !== undefined && item.create.status !== 409)
    if (refused !== undefined) throw new Error(JSON.stringify(refused))
  }

  /** Writes documents as they are, in the place of those with their ids. Rejects where one is refused. */
  async replace(documents: readonly Written[], index = this.name): Promise<void> {
    const operations = documents.flatMap(({ id, document }) => [{ index: { _index: index, _id: id } }, document])
    const { errors, items } = await this.#client.bulk({ operations })
    if (errors) throw new Error(JSON.stringify(items))
  }

  /** Makes what was written visible, so that an exporter which starts now takes it for the past. */
  async refresh(): Promise<void> {
    await this.#client.indices.refresh({ index: this.name })
  }

  /** In the index of its rollover that was created last. */
  mark(): Mark {
    const place = { index: this.#newest, id: randomUUID(), refresh: true }
    const query = { bool: { must_not: { exists: { field: 'event.ingested' } } } }
    return {
      others: async () => (await this.#client.count({ index: `${this.name}*`, query })).count,
      put: async () => void (await this.#client.index({ ...place, document: { mark: true } })),
      remove: async () => void (await this.#client.delete(place)),
    }
  }

  /** With all that it was rolled over to. */
  async delete(): Promise<void> {
    const names = Object.keys(await this.#client.indices.get({ index: `${this.name}*` }))
    if (names.length > 0) await this.#client.indices.delete({ index: names })
  }
}

/** A line as a shipper stores it that parses JSON: shape (a). */
export function documentOf(line: string, host: string, ingested: number): Readonly<Record<string, unknown>> {
  const fields = JSON.parse(line)
  return {
    ...fields,
    '@timestamp': fields.time,
    event: { ingested: new Date(ingested).toISOString() },
    host: { name: host },
  }
}
