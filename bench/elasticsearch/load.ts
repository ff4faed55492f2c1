import type { Client } from '@elastic/elasticsearch'
import { readCapturedLines } from '../../exporter/sources/recording/captured-lines.ts'
import { createMoment } from '../../exporter/sources/recording/moment.ts'
import { pick, seededRandom } from '../../exporter/sources/recording/random.ts'

/** Numbers of captured lines: the two of a failed handshake, and lines that tell of none. */
const HANDSHAKES = [[14, 15], [16], [18], [23, 24], [38, 39]]
const OTHERS = [[1], [5], [8], [35], [40], [87]]
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
  readonly documents: number
  /** Time between two documents, milliseconds. */
  readonly step: number
  /** Ingest time of the first one. */
  readonly first: number
}

/** An index of documents in OpenClaw's file layout: one in five of a failed sign-in, connections with ids of their own. */
export async function loadIndex(client: Client, index: string, { documents, step, first }: Load): Promise<void> {
  await client.indices.delete({ index, ignore_unavailable: true })
  await client.indices.create({
    index,
    settings: { number_of_shards: 2, number_of_replicas: 0, refresh_interval: '30s' },
    mappings: { dynamic: false, properties },
  })
  const random = seededRandom(1)
  const captured = readCapturedLines()
  const moments = (groups: number[][]) =>
    groups.map(numbers => createMoment(numbers.map(number => captured[number - 1] ?? '')))
  const kinds = { handshakes: moments(HANDSHAKES), others: moments(OTHERS) }
  const sending = new Set<Promise<unknown>>()
  let operations: unknown[] = []
  for (let number = 0; number < documents; ) {
    const moment = pick(random, random() < 0.15 ? kinds.handshakes : kinds.others)
    const begin = first + number * step
    for (const { line } of moment.play({ timeOf: at => at - moment.begin + begin, random })) {
      if (number >= documents) break
      const fields = JSON.parse(line)
      const stamps = { '@timestamp': fields.time, event: { ingested: new Date(first + number * step).toISOString() } }
      const reason = fields['1']?.authReason
      operations.push(
        { create: { _index: index, _id: `log-${number}` } },
        { ...fields, ...stamps, ...(reason && { reason }) },
      )
      number++
    }
    if (operations.length < 2 * BULK && number < documents) continue
    const sent = client.bulk({ operations, filter_path: ['errors'] }).then(({ errors }) => {
      if (errors) throw new Error('a document was refused')
      sending.delete(sent)
    })
    sending.add(sent)
    operations = []
    if (sending.size >= 2) await Promise.race(sending)
  }
  await Promise.all(sending)
  await client.indices.refresh({ index })
  await client.indices.forcemerge({ index, max_num_segments: 4 })
}
