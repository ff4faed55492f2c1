import { type Client, errors } from '@elastic/elasticsearch'
import { type Compatibility, type Connection, createClient } from './connection.ts'

/** Spoken by 9.x servers; 8.x refuse it. */
const NEWEST: Compatibility = 9
/** Understood by 8.x and 9.x. */
const OLDER: Compatibility = 8

/**
 * A client that speaks the version which the server understands. It is found by a search with a body: `GET /` needs a
 * cluster privilege, and calls without a body pass the server's check of the header. Rejects with the search's failure.
 */
export async function connect(
  connection: Omit<Connection, 'compatibility'>,
  wanted: 'auto' | Compatibility,
  index: readonly string[],
): Promise<Client> {
  if (wanted !== 'auto') return probed(createClient({ ...connection, compatibility: wanted }), index)
  try {
    return await probed(createClient({ ...connection, compatibility: NEWEST }), index)
  } catch (failure) {
    if (!isHeaderRefused(failure)) throw failure
    return probed(createClient({ ...connection, compatibility: OLDER }), index)
  }
}

async function probed(client: Client, index: readonly string[]): Promise<Client> {
  try {
    await client.search({ index: [...index], size: 0, query: { match_none: {} }, filter_path: ['_shards'] })
    return client
  } catch (failure) {
    await client.close()
    throw failure
  }
}

function isHeaderRefused(failure: unknown): boolean {
  if (!(failure instanceof errors.ResponseError) || failure.statusCode !== 400) return false
  return JSON.stringify(failure.body).includes('media_type_header_exception')
}
