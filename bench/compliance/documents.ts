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

/** A month of a deployment: one document in twenty is of a failure. */
export async function seedMonth(client: Client, period: Period, documents: number): Promise<void> {
  await client.indices.delete({ index: INDEX, ignore_unavailable: true })
  await client.indices.create({
    index: INDEX,
    settings: { number_of_shards: 2, number_of_replicas: 0, refresh_interval: '-1', 'translog.durability': 'async' },
    mappings: MAPPINGS,
  })
  const random = seededRandom(1)
  const step = (period.end - period.start) / documents
  const sending = new Set<Promise<void>>()
  for (let begin = 0; begin < documents; begin += BULK) {
    let operations = ''
    for (let number = begin; number < Math.min(begin + BULK, documents); number++) {
      operations += `{"create":{}}\n${document(period.start + Math.floor(number * step), random)}\n`
    }
    const sent = write(client, operations).finally(() => sending.delete(sent))
    sending.add(sent)
    if (sending.size >= 2) await Promise.race(sending)
  }
  await Promise.all(sending)
  await client.indices.refresh({ index: INDEX })
}

async function write(client: Client, operations: string): Promise<void> {
  const { errors } = (await client.transport.request({
    method: 'POST',
    path: `/${INDEX}/_bulk?filter_path=errors`,
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
