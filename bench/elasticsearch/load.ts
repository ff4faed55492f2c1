import type { Client } from '@elastic/elasticsearch'
import { type BenchDocument, type Mix, openclawDocuments } from './documents.ts'

const BULK = 5_000

const OPAQUE = { type: 'object', enabled: false } as const
const properties = {
  '@timestamp': { type: 'date' },
  event: { properties: { ingested: { type: 'date' } } },
  reason: { type: 'keyword' },
  _meta: OPAQUE,
  ...Object.fromEntries(['0', '1', '2', '3'].map(key => [key, OPAQUE])),
} as const

export interface Load {
  readonly mix?: Mix
  readonly documents: number
  /** When a document happened and was taken, by its number. */
  readonly timeOf: (number: number) => number
  /** Default: 2. */
  readonly shards?: number
}

/** An empty index as the templates of `elastic/` map it. */
export async function createIndex(client: Client, index: string, refresh: string, shards = 2): Promise<void> {
  await client.indices.delete({ index, ignore_unavailable: true })
  await client.indices.create({
    index,
    settings: { number_of_shards: shards, number_of_replicas: 0, refresh_interval: refresh },
    mappings: { dynamic: false, properties },
  })
}

/** Writes documents under ids from `begin` on. Rejects where one is refused. */
export async function write(client: Client, index: string, begin: number, documents: readonly BenchDocument[]) {
  const operations = documents.flatMap((document, number) => [
    { create: { _index: index, _id: `log-${begin + number}` } },
    document,
  ])
  const { errors } = await client.bulk({ operations, filter_path: ['errors'] })
  if (errors) throw new Error('a document was refused')
}

/** An index with so many documents, merged to few segments. */
export async function loadIndex(
  client: Client,
  index: string,
  { mix = 'attack', documents, timeOf, shards }: Load,
): Promise<void> {
  await createIndex(client, index, '30s', shards)
  const source = openclawDocuments({ mix, timeOf })
  const sending = new Set<Promise<void>>()
  for (let begin = 0; begin < documents; begin += BULK) {
    const sent = write(client, index, begin, next(source, Math.min(BULK, documents - begin))).finally(() => {
      sending.delete(sent)
    })
    sending.add(sent)
    if (sending.size >= 2) await Promise.race(sending)
  }
  await Promise.all(sending)
  await client.indices.refresh({ index })
  await client.indices.forcemerge({ index, max_num_segments: 4 })
}

export function next(source: Generator<BenchDocument>, documents: number): readonly BenchDocument[] {
  return Array.from({ length: documents }, () => source.next().value as BenchDocument)
}
