import { type Client, errors } from '@elastic/elasticsearch'
import { type Compatibility, type Connection, createClient } from './connection.ts'

/** Supported by 9.x servers; 8.x servers refuse it. */
const NEWEST: Compatibility = 9
/** Supported by 8.x and 9.x servers. */
const OLDER: Compatibility = 8

/**
 * A client with an API version that the server supports. The version is detected by a search with a body: `GET /` needs
 * a cluster privilege, and the server does not check the version in calls without a body. Rejects with the failure of
 * the search.
 */
export async function connect(
  connection: Omit<Connection, 'compatibility'>,
  wanted: 'auto' | Compatibility,
  index: readonly string[],
): Promise<Client> {
  const probed = (compatibility: Compatibility) => probe({ ...connection, compatibility }, index)
  if (wanted !== 'auto') return probed(wanted)
  try {
    return await probed(NEWEST)
  } catch (failure) {
    if (!isHeaderRefused(failure)) throw failure
    return probed(OLDER)
  }
}

/** A client with a successful search. If a node hangs, the others are tried. */
async function probe(connection: Connection, index: readonly string[]): Promise<Client> {
  const client = createClient(connection)
  for (let tries = 1; ; tries++) {
    try {
      const question = { index: [...index], size: 0, query: { match_none: {} }, filter_path: ['_shards'] }
      const answer = await client.search(question, { meta: true })
      // The client takes a redirection for success.
      if ((answer.statusCode ?? 0) >= 300) throw new errors.ResponseError(answer as never)
      return client
    } catch (failure) {
      if (failure instanceof errors.TimeoutError && tries < connection.nodes.length) continue
      await client.close()
      throw failure
    }
  }
}

function isHeaderRefused(failure: unknown): boolean {
  if (!(failure instanceof errors.ResponseError) || failure.statusCode !== 400) return false
  return JSON.stringify(failure.body).includes('media_type_header_exception')
}
