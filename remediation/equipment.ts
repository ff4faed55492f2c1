import type { Clock } from '../core/clock.ts'
import { ClawtrustError } from '../core/errors.ts'
import type { Secret } from '../core/secret.ts'
import type { Logger } from '../service/log/logger.ts'
import { readSecret, type WrittenSecret } from '../service/secrets/read-secret.ts'
import { loadTemplates } from './actions/templates/template.ts'
import type { RemediationConfig } from './config.ts'
import type { DestinationConfig, ThreatIntelligenceConfig } from './config-lists.ts'
import type { Destination } from './courier.ts'
import type { EnricherOptions } from './enrichment/enricher.ts'
import { openGeoIp } from './enrichment/geoip.ts'
import { type Fetch, HttpProvider } from './enrichment/http-provider.ts'
import { ListSource } from './enrichment/list.ts'
import type { IntelligenceSource } from './enrichment/source.ts'
import type { Credentials } from './webhook/authentication.ts'

/** What a configuration names and must be read before the service can work with it. */
export interface Equipment {
  readonly credentials: Credentials
  readonly destinations: ReadonlyMap<string, Destination>
  readonly enrichment: EnricherOptions
}

export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly fetch: Fetch
  readonly clock: Clock
  readonly logger: Logger
}

/** Reads secrets, templates and databases; throws SECRET_UNREADABLE, CONFIG_INVALID or DATABASE_UNUSABLE where one is missing. */
export async function readEquipment(config: RemediationConfig, surroundings: Surroundings): Promise<Equipment> {
  return {
    credentials: await readCredentials(config.webhook, surroundings),
    destinations: await readDestinations(config.destinations, surroundings),
    enrichment: await readEnrichment(config.enrichment, surroundings),
  }
}

async function readCredentials(
  webhook: RemediationConfig['webhook'],
  { environment }: Surroundings,
): Promise<Credentials> {
  const at = 'remediation.webhook'
  const bearerToken = await secretOf(`${at}.bearer_token`, webhook.bearer_token, webhook.bearer_token_file, environment)
  const secret = await secretOf(
    `${at}.grafana_secret`,
    webhook.grafana_secret,
    webhook.grafana_secret_file,
    environment,
  )
  return {
    ...(bearerToken === undefined ? {} : { bearerToken }),
    ...(secret === undefined
      ? {}
      : {
          grafana: {
            secret,
            signatureHeader: webhook.grafana_signature_header,
            timestampHeader: webhook.grafana_timestamp_header,
            replayWindow: webhook.replay_window,
          },
        }),
  }
}

async function readDestinations(
  configs: readonly DestinationConfig[],
  { environment }: Surroundings,
): Promise<ReadonlyMap<string, Destination>> {
  const templates = loadTemplates()
  const made = configs.map(async (config, index): Promise<[string, Destination]> => {
    const at = `remediation.destinations[${index}]`
    const template = templates.get(config.template)
    if (template === undefined) throw new TypeError(`${config.template} is shipped`)
    const missing = template.fields.filter(field => config.fields[field] === undefined)
    const url = await secretOf(`${at}.url`, config.url, config.url_file, environment)
    if (url === undefined && template.url === undefined) throw lacking(at, config.template, 'url or url_file')
    if (missing.length > 0) throw lacking(at, config.template, `fields.${missing.join(', fields.')}`)
    const token = await secretOf(`${at}.token`, config.token, config.token_file, environment)
    const { name, fields, timeout, give_up_after: giveUpAfter } = config
    return [name, { name, template, url, token, fields, timeout, giveUpAfter }]
  })
  return new Map(await Promise.all(made))
}

async function readEnrichment(
  config: RemediationConfig['enrichment'],
  surroundings: Surroundings,
): Promise<EnricherOptions> {
  const { clock, logger } = surroundings
  const sources = await Promise.all(config.threat_intelligence.map(source => createSource(source, surroundings)))
  const { geoip_file: file, geoip_max_age: oldest, deadline } = config
  if (file === undefined) return { sources, deadline }
  const geoIp = await openGeoIp(file, clock)
  if (geoIp.ageSeconds * 1_000 > oldest) {
    logger.warn('The GeoIP database is old; put a newer one in its place.', { file, age_seconds: geoIp.ageSeconds })
  }
  return { sources, deadline, geoIp }
}

async function createSource(
  config: ThreatIntelligenceConfig,
  { environment, fetch, clock, logger }: Surroundings,
): Promise<IntelligenceSource> {
  if (config.type === 'list') return new ListSource(config, clock, logger)
  const at = `remediation.enrichment.threat_intelligence.${config.name}.key`
  return new HttpProvider(config, await secretOf(at, config.key, config.key_file, environment), fetch, clock)
}

function secretOf(
  key: string,
  inline: Secret | undefined,
  file: string | undefined,
  environment: Surroundings['environment'],
): Promise<Secret | undefined> {
  const written: WrittenSecret = {
    ...(inline === undefined ? {} : { inline }),
    ...(file === undefined ? {} : { file }),
  }
  return readSecret(key, written, environment)
}

function lacking(at: string, template: string, what: string): ClawtrustError {
  return new ClawtrustError('CONFIG_INVALID', `${at} needs ${what}: the template ${template} asks for it`)
}
