import type { Client } from '@elastic/elasticsearch'
import { ClawtrustError } from '../../core/errors.ts'
import { foreignWords } from '../http-client/foreign-words.ts'
import type { Asked } from './failure.ts'
import { isRemote } from './remote.ts'

const MAX_TYPES_LENGTH = 100

/** Types that a range query treats as a time. */
const TIMES = ['date', 'date_nanos']

/**
 * Rejects if the field cannot bound a window: Elasticsearch answers a range over a field that is not mapped with no
 * documents and no error, which looks like no activity.
 */
export async function checkCursorField(client: Client, field: string, asked: Asked): Promise<void> {
  const pattern = asked.index.join(',')
  const { fields, indices } = await client.fieldCaps({
    index: [...asked.index],
    fields: [field],
    include_unmapped: true,
  })
  if (indices.length === 0) throw noIndex(asked)
  const types = Object.keys(fields[field] ?? {})
  const complain = (what: string, remedy: string) =>
    new ClawtrustError('ELASTICSEARCH_CURSOR_FIELD', `${field} ${what} in ${pattern}; ${remedy}`, { recoverable: true })
  if (types.every(type => type === 'unmapped')) {
    throw complain(
      'is not mapped',
      'install the index template (clawtrust elastic setup), or set cursor_field: "@timestamp"',
    )
  }
  const wrong = types.filter(type => type !== 'unmapped' && !TIMES.includes(type))
  if (wrong.length > 0) {
    throw complain(
      `is mapped as ${namesOf(wrong, asked)}`,
      'map it as date in every index, or exclude those from index',
    )
  }
}

/** Rejects if the field cannot be used to assign gateways to readers. */
export async function checkKeywordField(client: Client, field: string, asked: Asked): Promise<void> {
  const { fields } = await client.fieldCaps({ index: [...asked.index], fields: [field], include_unmapped: false })
  const types = Object.keys(fields[field] ?? {})
  if (types.length > 0 && types.every(type => ['keyword', 'constant_keyword'].includes(type))) return
  const what = types.length === 0 ? 'not mapped' : `mapped as ${namesOf(types, asked)}`
  throw new ClawtrustError(
    'ELASTICSEARCH_SHARD_FIELD',
    `shard_field ${field} is ${what} in ${asked.index.join(',')}; set it to a field with the gateway that is mapped as keyword, or remove shard`,
    { recoverable: true },
  )
}

/** Types of fields, which are what a server says. */
const namesOf = (types: readonly string[], { secrets }: Asked): string =>
  foreignWords(types.join(' and '), MAX_TYPES_LENGTH, secrets)

/**
 * The response is the same, and empty, for a pattern without a match, without a privilege, or of a remote cluster that
 * is unavailable.
 */
export function noIndex({ index }: Pick<Asked, 'index'>): ClawtrustError {
  const away = index.some(isRemote) ? 'the remote cluster cannot be reached, ' : ''
  return new ClawtrustError(
    'ELASTICSEARCH_NO_INDEX',
    `no index matches ${index.join(',')}, ${away}or the reader has no privilege on it (Elasticsearch returns the same response); start the shipper that creates it, or check the pattern and that the role grants read and view_index_metadata`,
    { recoverable: true },
  )
}
