import type { Client } from '@elastic/elasticsearch'
import type { Period } from '../../compliance/evidence/period.ts'
import { pick, seededRandom } from '../../core/random.ts'
import { INDEX } from './requests.ts'

const BULK = 10_000
const keyword = { type: 'keyword' } as const

const MAPPINGS = {
  dynamic: false,
  properties: {
    '@timestamp': { type: 'date' },
    event: { properties: { dataset: keyword, action: keyword, outcome: keyword } },
    http: { properties: { response: { properties: { status_code: { type: 'short' } } } } },
    labels: { properties: { trust_zone: keyword } },
    source: { properties: { ip: { type: 'ip' } } },
    user: { properties: { name: keyword } },
  },
} as const

/** Documents that are written; more are copies of them. */
const WRITTEN = 1_000_000

/**
 * A month of a deployment: one document in twenty is of a failure. Each million is an index of two shards, all but the first
 * a copy of it, which takes Elasticsearch no time.
 */
export async function seedMonth(client: Client, period: Period, documents: number): Promise<void> {
  const name = (copy: number) => INDEX.replace('*', String(copy))
  for (const index of Object.keys(await client.indices.get({ index: INDEX }))) await client.indices.delete({ index })
  await client.indices.create({
    index: name(0),
    settings: { number_of_shards: 2, number_of_replicas: 0, refresh_interval: '-1', 'translog.durability': 'async' },
    mappings: MAPPINGS,
  })
  await writeMonth(client, name(0), period, Math.min(documents, WRITTEN))
  await client.indices.forcemerge({ index: name(0), max_num_segments: 4 }, { requestTimeout: 300_000 })
  if (documents > WRITTEN) await client.indices.addBlock({ index: name(0), block: 'write' })
  for (let copy = 1; copy * WRITTEN < documents; copy++) {
    await client.indices.clone({ index: name(0), target: name(copy) }, { requestTimeout: 300_000 })
  }
}

async function writeMonth(client: Client, index: string, period: Period, documents: number): Promise<void> {
  const random = seededRandom(1)
  const step = (period.end - period.start) / documents
  const sending = new Set<Promise<void>>()
  for (let begin = 0; begin < documents; begin += BULK) {
    let operations = ''
    for (let number = begin; number < Math.min(begin + BULK, documents); number++) {
      operations += `{"create":{}}\n${document(period.start + Math.floor(number * step), random)}\n`
    }
    const sent = write(client, index, operations).finally(() => sending.delete(sent))
    sending.add(sent)
    if (sending.size >= 2) await Promise.race(sending)
  }
  await Promise.all(sending)
  await client.indices.refresh({ index })
}

async function write(client: Client, index: string, operations: string): Promise<void> {
  const { errors } = (await client.transport.request({
    method: 'POST',
    path: `/${index}/_bulk?filter_path=errors`,
    bulkBody: operations,
  })) as { errors: boolean }
  if (errors) throw new Error('a document was refused')
}

function document(time: number, random: () => number): string {
  const outcome = random() < 0.05 ? 'failure' : 'success'
  const address = Math.floor(random() * 4_096)
  return JSON.stringify({
    '@timestamp': new Date(time).toISOString(),
    event: {
      dataset: pick(random, ['keycloak', 'proxy', 'gateway', 'firewall']),
      action: pick(random, ['login', 'logout', 'grant', 'revoke', 'connect', 'read', 'write', 'list']),
      outcome,
    },
    http: { response: { status_code: pick(random, [200, 200, 200, 204, 301, 401, 403, 500]) } },
    labels: { trust_zone: pick(random, ['agent-control', 'management-api', 'data-ingest', 'analytics']) },
    source: { ip: `203.0.${113 + (address >> 8)}.${address & 255}` },
    user: { name: `user-${Math.floor(random() * 5_000)}` },
  })
}
