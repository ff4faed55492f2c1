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

/**
 * Uses a client with an API version that the server supports, found by the use itself: for those who may not search, or
 * whose index does not exist yet. A use that is refused for its version is made again, and has done nothing before.
 *
 * @param use closes the client in the end; where it fails, that is done for it
 */
export async function withSupported<T>(
  connection: Omit<Connection, 'compatibility'>,
  wanted: 'auto' | Compatibility,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const client = createClient({ ...connection, compatibility: wanted === 'auto' ? NEWEST : wanted })
  try {
    return await use(client)
  } catch (failure) {
    await client.close()
    if (wanted !== 'auto' || !isHeaderRefused(failure)) throw failure
  }
  return withSupported(connection, OLDER, use)
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
