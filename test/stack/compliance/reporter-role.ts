import { readFileSync } from 'node:fs'
import { Client, errors } from '@elastic/elasticsearch'
import { reporterRole } from '../../../elastic/templates/roles.ts'
import type { Elasticsearch } from '../elasticsearch/servers/elasticsearch.ts'

/** A client that may do what the role `clawtrust_reporter` of `elastic setup` may, and nothing else. */
export async function reporterClient(server: Elasticsearch): Promise<Client> {
  const indices = reporterRole.indices.map(({ names, privileges }) => ({
    names: [...names],
    privileges: [...privileges],
  }))
  const { encoded } = await server.client.security.createApiKey({
    name: 'reporter',
    role_descriptors: { reporter: { cluster: [], indices } },
  })
  const { ca, certificateFile, keyFile } = server.certificates ?? {}
  return new Client({
    node: server.url,
    auth: { apiKey: encoded },
    tls: {
      ca,
      cert: certificateFile === undefined ? undefined : readFileSync(certificateFile),
      key: keyFile === undefined ? undefined : readFileSync(keyFile),
    },
  })
}

/** The status with which a request is refused; 0 where it is not. */
export const statusOf = (request: Promise<unknown>): Promise<number> =>
  request.then(
    () => 0,
    error => (error instanceof errors.ResponseError ? (error.statusCode ?? -1) : -1),
  )
