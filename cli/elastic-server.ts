import { errors } from '@elastic/elasticsearch'
import { addressOf } from '../core/config/elasticsearch.ts'
import { ClawtrustError } from '../core/errors.ts'
import type { Ask } from '../elastic/call.ts'
import type { ElasticsearchSourceConfig } from '../exporter/sources/elasticsearch/config.ts'
import { connect } from '../service/elasticsearch/compatibility.ts'
import { secretsOf } from '../service/elasticsearch/connection.ts'
import { explainFailure } from '../service/elasticsearch/failure.ts'
import { readConnection } from '../service/elasticsearch/read-connection.ts'
import { withoutSecrets } from '../service/http-client/foreign-words.ts'
import { DEFAULT_CONFIG_FILE, located, readPlacedConfig } from './config-file.ts'
import type { Config } from './config-schema.ts'
import type { Credentials } from './elastic-credentials.ts'
import type { ServiceOptions } from './options.ts'

export interface ElasticsearchServer {
  readonly config: Config
  readonly source: ElasticsearchSourceConfig
  /** Where the source is in the configuration file, `clawtrust.yml:4`. */
  readonly place: string
  readonly ask: Ask
  close(): Promise<void>
}

/** The cluster of a configured source. Rejects with a sentence that says what is wrong with it. */
export async function openElasticsearch(
  folder: string,
  options: ServiceOptions & Credentials,
): Promise<ElasticsearchServer> {
  const { config, placeOf } = await readPlacedConfig(options['config.file'] ?? DEFAULT_CONFIG_FILE, folder)
  const configured = chosenSource(config, options.source, placeOf('exporter.sources'))
  const source = withCredentials(configured, options)
  // Credentials of the command line have no place in the file.
  const key = `exporter.sources[${config.exporter.sources.indexOf(configured)}]`
  const section = source === configured ? `${key}.` : ''
  const connection = await located(placeOf, () => readConnection(source, process.env, section))
  const asked = { index: source.index, address: addressOf(source), secrets: secretsOf(connection) }
  const failed = (failure: unknown): ClawtrustError => {
    const { code, message } = explainFailure(failure, asked)
    return new ClawtrustError(code, `${placeOf(`${key}.nodes`)}: ${message}`, { cause: failure })
  }
  // Every pattern is answered with 200, even if nothing matches or the credentials may not read it: later checks find
  // that.
  const client = await connect(connection, source.compatibility, ['*']).catch(failure => {
    throw failed(failure)
  })
  const ask: Ask = async ({ method, path, body }) => {
    try {
      const { statusCode, body: answer } = await client.transport.request(
        { method, path, ...(body === undefined ? {} : { body }) },
        { meta: true },
      )
      return { status: statusCode ?? 0, body: answer }
    } catch (failure) {
      if (!(failure instanceof errors.ResponseError)) throw failed(failure)
      const quoted = JSON.stringify(failure.body ?? null)
      const body = JSON.parse(quoted, (_key, value) =>
        typeof value === 'string' ? withoutSecrets(value, asked.secrets) : value,
      )
      return { status: failure.statusCode ?? 0, body }
    }
  }
  return { config, source, place: placeOf(key), ask, close: () => client.close() }
}

function chosenSource({ exporter }: Config, name: string | undefined, place: string): ElasticsearchSourceConfig {
  const sources = exporter.sources.filter(source => source.type === 'elasticsearch')
  const wanted = name === undefined ? sources : sources.filter(source => source.name === name)
  const [first, second] = wanted
  if (first === undefined) {
    const which = name === undefined ? 'a source of type elasticsearch' : `a source of type elasticsearch named ${name}`
    throw new ClawtrustError(
      'USAGE',
      `${place}: the configuration has no ${which.slice(2)}; add it under exporter.sources`,
    )
  }
  if (second === undefined) return first
  const names = wanted.map(source => source.name).join(', ')
  throw new ClawtrustError('USAGE', `${place}: several sources read Elasticsearch (${names}); select one by --source`)
}

function withCredentials(source: ElasticsearchSourceConfig, options: Credentials): ElasticsearchSourceConfig {
  const { username, passwordFile, apiKeyFile } = options
  if (username === undefined && apiKeyFile === undefined) return source
  const { api_key, api_key_file, username: _user, password, password_file, ...rest } = source
  if (apiKeyFile !== undefined) return { ...rest, api_key_file: apiKeyFile }
  if (passwordFile === undefined) throw new ClawtrustError('USAGE', '--username requires --password-file')
  return { ...rest, username: username as string, password_file: passwordFile }
}
