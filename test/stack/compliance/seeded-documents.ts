import type { Client } from '@elastic/elasticsearch'
import { DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS } from '../../../core/clock.ts'
import { october } from '../../compliance/evidence/periods.ts'

const at = (text: string): EpochMs => Date.parse(`2026-10-${text}Z`)

/** No document of these three days was stored. */
export const SILENCE = [at('14T00:00:00'), at('17T00:00:00')] as const
/** Of an attacker who may choose an id and a name. */
export const HOSTILE_ID = '<script>alert("1")</script>\u202e\u0007'
const HOSTILE_USER = '"} $(jndi:ldap://x) <b>'

interface SeededDocument {
  readonly id: string
  readonly time: EpochMs
  readonly outcome: 'success' | 'failure'
  readonly user: string
  readonly zone: string
}

/** One success each hour, seven minutes after it, by ten users in turn. */
export const successes: readonly SeededDocument[] = Array.from({ length: 745 }, (_, hour) => ({
  id: `success-${hour}`,
  time: october.start + hour * HOUR_MS + 7 * MINUTE_MS,
  outcome: 'success' as const,
  user: `user-${hour % 10}`,
  zone: 'agent-control',
})).filter(({ time }) => time < SILENCE[0] || time >= SILENCE[1])

const failure = (id: string, time: EpochMs, user = 'mallory', zone = 'management-api'): SeededDocument => ({
  id,
  time,
  outcome: 'failure',
  user,
  zone,
})

/** Failures of the month. */
export const failures: readonly SeededDocument[] = [
  failure(HOSTILE_ID, october.start, HOSTILE_USER),
  // Of one time: which of them are shown must not depend on the copy of the shard that answers.
  ...Array.from({ length: 20 }, (_, each) => failure(`tie-${each}`, at('03T12:00:00'), `user-${each % 3}`)),
  failure('twice-1', at('25T00:30:00'), 'mallory', 'agent-control'),
  failure('twice-2', at('25T01:30:00'), 'mallory', 'agent-control'),
  failure('last', october.end - 1),
]

/** Failures at its borders that are not of it. */
const outside: readonly SeededDocument[] = [
  failure('before', october.start - 1),
  failure('after', october.end),
  failure('long after', october.end + DAY_MS),
]

const MAPPINGS = {
  dynamic: false,
  properties: {
    '@timestamp': { type: 'date' },
    event: { properties: { outcome: { type: 'keyword' } } },
    user: { properties: { name: { type: 'keyword' } } },
    labels: { properties: { trust_zone: { type: 'keyword' } } },
    extra: { type: 'flattened' },
  },
} as const

/** Names of indices: of the month, of one without documents of the month, of one with many users, of one that is mapped otherwise. */
export const seededIndices = {
  month: 'seeded-idp-2026.10',
  quiet: 'seeded-quiet',
  many: 'seeded-many',
  text: 'seeded-text-2026.10',
} as const
export const MANY_USERS = 1_500

export async function seedDocuments(client: Client): Promise<void> {
  const settings = { number_of_replicas: 0, number_of_shards: 2 }
  for (const index of [seededIndices.month, seededIndices.quiet, seededIndices.many])
    await client.indices.create({ index, settings, mappings: MAPPINGS })
  await client.indices.create({
    index: seededIndices.text,
    settings,
    mappings: { ...MAPPINGS, properties: { ...MAPPINGS.properties, user: { properties: { name: { type: 'text' } } } } },
  })
  const many = Array.from({ length: MANY_USERS }, (_, each) =>
    failure(`many-${each}`, at('09T12:00:00') + each, `user-${each}`),
  )
  await write(client, seededIndices.month, [...successes, ...failures, ...outside])
  await write(client, seededIndices.quiet, outside)
  await write(client, seededIndices.many, many)
  await write(client, seededIndices.text, [failure('text', at('09T12:00:00'))])
}

async function write(client: Client, index: string, documents: readonly SeededDocument[]): Promise<void> {
  const operations = documents.flatMap(({ id, time, outcome, user, zone }) => [
    { index: { _index: index, _id: id } },
    {
      '@timestamp': new Date(time).toISOString(),
      event: { outcome },
      user: { name: user },
      labels: { trust_zone: zone },
      extra: { kind: outcome },
    },
  ])
  const { errors, items } = await client.bulk({ operations, refresh: true })
  if (errors) throw new Error(JSON.stringify(items.find(({ index }) => index?.error !== undefined)))
}
