import { defineSource } from '../../contracts/source-kind.ts'
import { elasticsearchSourceSchema } from './config.ts'

const PATHS = [
  'api_key_file',
  'password_file',
  'proxy_password_file',
  'ca_file',
  'client_cert_file',
  'client_key_file',
] as const

/** Documents in Elasticsearch. */
export const elasticsearchSource = defineSource({
  type: 'elasticsearch',
  durable: true,
  schema: elasticsearchSourceSchema,
  backlogUnit: 'records',
  resolvePaths(config, absolute) {
    const named = PATHS.filter(key => config[key] !== undefined)
    return { ...config, ...Object.fromEntries(named.map(key => [key, absolute(config[key] as string)])) }
  },
  async create(config, dependencies) {
    const { createElasticsearchSourceFrom } = await import('./create.ts')
    return createElasticsearchSourceFrom(config, dependencies)
  },
})
