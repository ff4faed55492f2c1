import type { Clock } from '../../core/clock.ts'
import type { Fetch } from '../../service/http-client/bounded-fetch.ts'
import type { Logger } from '../../service/log/logger.ts'
import { readSecret } from '../../service/secrets/read-secret.ts'
import type { EnrichmentConfig, ThreatIntelligenceConfig } from './config.ts'
import type { EnrichmentSources } from './gather.ts'
import { openGeoIp } from './geoip.ts'
import { HttpProvider } from './http-provider.ts'
import { ListSource } from './list.ts'
import { type BudgetStore, QuestionBudget } from './question-budget.ts'
import type { IntelligenceSource } from './source.ts'

interface SourceSetup {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly fetch: Fetch
  readonly clock: Clock
  readonly logger: Logger
  readonly budgets: BudgetStore
}

/** Opens the database and the sources of threat intelligence. @throws ClawtrustError SECRET_UNREADABLE, DATABASE_UNUSABLE */
export async function openSources(config: EnrichmentConfig, setup: SourceSetup): Promise<EnrichmentSources> {
  const sources = await Promise.all(config.threat_intelligence.map(source => createSource(source, setup)))
  const { geoip_file: file, geoip_max_age: oldest, deadline } = config
  if (file === undefined) return { sources, deadline }
  const geoIp = await openGeoIp(file, setup.clock)
  if (geoIp.ageSeconds * 1_000 > oldest) {
    const age_seconds = geoIp.ageSeconds
    setup.logger.warn('The GeoIP database is old; replace it with a newer one.', { file, age_seconds })
  }
  return { sources, deadline, geoIp }
}

async function createSource(
  config: ThreatIntelligenceConfig,
  { environment, fetch, clock, logger, budgets }: SourceSetup,
): Promise<IntelligenceSource> {
  if (config.type === 'list') return new ListSource(config, clock, logger)
  const at = `remediation.enrichment.threat_intelligence.${config.name}.key`
  const key = await readSecret(at, { inline: config.key, file: config.key_file }, environment, { inHeader: true })
  const budget = new QuestionBudget(config.name, config.budget, budgets, clock)
  return new HttpProvider(config, key, { budget, fetch, clock })
}
