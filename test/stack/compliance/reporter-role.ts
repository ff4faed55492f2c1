import { type Client, errors } from '@elastic/elasticsearch'
import { reportDestinationSchema } from '../../../compliance/delivery/config.ts'
import { reporterRole } from '../../../elastic/templates/roles.ts'
import { withSupported } from '../../../service/elasticsearch/compatibility.ts'
import type { Connection } from '../../../service/elasticsearch/connection.ts'
import { readConnection } from '../../../service/elasticsearch/read-connection.ts'
import type { Elasticsearch } from '../elasticsearch/servers/elasticsearch.ts'

/** Uses a client that may do what the role `clawtrust_reporter` of `elastic setup` may, and nothing else. */
export async function asReporter(
  server: Elasticsearch,
  use: (client: Client, connection: Omit<Connection, 'compatibility'>) => Promise<void>,
): Promise<void> {
  const indices = reporterRole.indices.map(({ names, privileges }) => ({
    names: [...names],
    privileges: [...privileges],
  }))
  const { encoded } = await server.client.security.createApiKey({
    name: 'reporter',
    role_descriptors: { reporter: { cluster: [], indices } },
  })
  const { caFile, certificateFile, keyFile } = server.certificates ?? {}
  const keys = { ca_file: caFile, client_cert_file: certificateFile, client_key_file: keyFile, api_key: encoded }
  const settings = reportDestinationSchema.parse({ type: 'elasticsearch', name: 'siem', nodes: [server.url], ...keys })
  if (settings.type !== 'elasticsearch') throw new TypeError('elasticsearch')
  const connection = await readConnection(settings, {}, '')
  await withSupported(connection, settings.compatibility, async client => {
    await use(client, connection)
    await client.close()
  })
}

/** The status with which a request is refused; 0 where it is not. */
export const statusOf = (request: Promise<unknown>): Promise<number> =>
  request.then(
    () => 0,
    error => (error instanceof errors.ResponseError ? (error.statusCode ?? -1) : -1),
  )
