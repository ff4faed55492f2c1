import { randomUUID } from 'node:crypto'
import type { Client } from '@elastic/elasticsearch'
import { documentOf, OpenclawIndex } from '../elasticsearch/openclaw-index.ts'
import { type Connection, type Document, type IndexName, indexNames } from './documents.ts'

/** Documents of one bulk. */
const BULK = 2_500
/** Bulks under way at once. */
const PARALLEL = 2
const REFRESH_INTERVAL = '200ms'

/** A document as Elasticsearch takes it. */
export interface Stored {
  readonly index: IndexName
  readonly id: string
  readonly replaces: boolean
  readonly body: Readonly<Record<string, unknown>>
}

/** The indices of one round, under names that no other round has. */
export class RoundIndex {
  readonly #client: Client
  readonly #prefix = `exactness-${randomUUID().slice(0, 8)}-`
  readonly #shards: number
  readonly #held = new Set<IndexName>()

  constructor(client: Client, shards: number) {
    this.#client = client
    this.#shards = shards
  }

  get pattern(): string {
    return `${this.#prefix}*`
  }

  async create(): Promise<void> {
    for (const name of indexNames) {
      const index = new OpenclawIndex(this.#client, this.#prefix + name)
      await index.create({ number_of_shards: this.#shards, refresh_interval: REFRESH_INTERVAL })
    }
  }

  /** Rejects where one is refused. Of many documents only those under way are made at once. */
  async write<T>(items: readonly T[], stored: (item: T) => Stored): Promise<void> {
    const bulks = Array.from({ length: Math.ceil(items.length / BULK) }, (_, bulk) => bulk)
    const workers = Array.from({ length: PARALLEL }, async () => {
      for (let bulk = bulks.shift(); bulk !== undefined; bulk = bulks.shift()) {
        await this.#bulk(items.slice(bulk * BULK, (bulk + 1) * BULK).map(stored))
      }
    })
    await Promise.all(workers)
  }

  /** What is written from now on cannot be found before `release`. */
  async hold(index: IndexName): Promise<void> {
    this.#held.add(index)
    await this.#setRefresh(index, '-1')
  }

  async release(index: IndexName): Promise<void> {
    if (!this.#held.delete(index)) return
    await this.#setRefresh(index, REFRESH_INTERVAL)
    await this.refresh()
  }

  async releaseAll(): Promise<void> {
    for (const index of [...this.#held]) await this.release(index)
  }

  /** Makes what was written visible, where it is not held. */
  async refresh(): Promise<void> {
    const index = indexNames.filter(name => !this.#held.has(name)).map(name => this.#prefix + name)
    await this.#client.indices.refresh({ index })
  }

  async delete(): Promise<void> {
    const names = Object.keys(await this.#client.indices.get({ index: this.pattern }))
    if (names.length > 0) await this.#client.indices.delete({ index: names })
  }

  async #setRefresh(name: IndexName, interval: string): Promise<void> {
    await this.#client.indices.putSettings({ index: this.#prefix + name, settings: { refresh_interval: interval } })
  }

  async #bulk(documents: readonly Stored[]): Promise<void> {
    const operations = documents.flatMap(({ index, id, replaces, body }) => {
      const target = { _index: this.#prefix + index, _id: id }
      return [replaces ? { index: target } : { create: target }, body]
    })
    const { items = [] } = await this.#client.bulk({ operations, filter_path: ['errors', 'items.*.error'] })
    const refused = items.find(item => (item.create ?? item.index)?.error !== undefined)
    if (refused !== undefined) throw new Error(`Elasticsearch refused a document: ${JSON.stringify(refused)}`)
  }
}

/** A line of a connection as the shipper stores it. */
export function storedOf(
  { index, id, replaces, line, stamp }: Document,
  { lines, gateway, eventTime }: Connection,
): Stored {
  const written = lines[line]
  if (written === undefined) throw new RangeError(`no line ${line}`)
  return { index, id, replaces, body: documentOf(written.text(eventTime), gateway, stamp) }
}
