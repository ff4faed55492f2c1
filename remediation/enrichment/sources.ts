import type { Clock } from '../../core/clock.ts'
import { SerialQueue } from '../../core/collections/serial-queue.ts'
import type { Translation } from '../../core/net/spellings.ts'
import type { Secret } from '../../core/secret.ts'
import { type GeoIp, type GeoIpOptions, openGeoIp } from '../../service/geoip/geoip.ts'
import type { Fetch } from '../../service/http-client/bounded-fetch.ts'
import type { Logger } from '../../service/log/logger.ts'
import { type ReadList, readListInThread } from '../../service/threat-lists/read-list.ts'
import { ThreatList } from '../../service/threat-lists/threat-list.ts'
import type { EnrichmentConfig, HttpProviderConfig, ThreatIntelligenceConfig } from './config.ts'
import type { EnrichmentSources } from './gather.ts'
import { HttpProvider, type QuestionResult } from './http-provider.ts'
import { ListSource } from './list.ts'
import { type BudgetStore, QuestionBudget } from './question-budget.ts'
import type { IntelligenceSource } from './source.ts'

/** Keys of providers of threat intelligence. */
export type ProviderKeys = ReadonlyMap<HttpProviderConfig, Secret>

interface SourceSetup {
  readonly keys: ProviderKeys
  /** Ways to write an IPv4 address by which an address is suspected too. */
  readonly translations: readonly Translation[]
  readonly fetch: Fetch
  readonly clock: Clock
  readonly logger: Logger
  readonly budgets: BudgetStore
  readonly count: (source: string, result: QuestionResult) => void
}

/** What the database of section `remediation.enrichment` must hold. */
export const countryDatabase = (needsCountries: boolean): Omit<GeoIpOptions, 'clock' | 'logger'> => ({
  key: 'remediation.enrichment.geoip_file',
  holds: 'countries',
  ...(needsCountries && { neededBecause: 'a playbook has a condition about them' }),
})

/** Sources of evidence that are kept up to date. */
export interface OpenedSources extends EnrichmentSources {
  readonly geoIp?: GeoIp
  /** Reads again the files that have changed; never rejects. */
  refresh(): Promise<void>
}

/**
 * Opens the database and the sources of threat intelligence, and reads them once, so that the first decision and the first
 * scrape find them.
 *
 * @param needsCountries whether a playbook has a condition about countries
 * @throws ClawtrustError DATABASE_UNUSABLE
 */
export async function openSources(
  config: EnrichmentConfig,
  needsCountries: boolean,
  setup: SourceSetup,
): Promise<OpenedSources> {
  const { clock, logger } = setup
  const { geoip_file: file, geoip_max_age: oldest, deadline } = config
  const geoIp =
    file === undefined ? undefined : await openGeoIp(file, { ...countryDatabase(needsCountries), clock, logger })
  if (geoIp !== undefined && geoIp.ageSeconds * 1_000 > oldest) {
    const age_seconds = geoIp.ageSeconds
    logger.warn('The GeoIP database is old; replace it with a newer one.', { file, age_seconds })
  }
  // One thread at a time: each list that is read has a heap of its own.
  const reading = new SerialQueue()
  const readList: ReadList = (path, syntax) => reading.run(() => readListInThread(path, syntax))
  const sources = config.threat_intelligence.map(source => createSource(source, readList, setup))
  const refresh = async () => {
    await Promise.all([geoIp, ...sources].map(source => source?.refresh?.()))
  }
  await refresh()
  return { sources, deadline, refresh, ...(geoIp === undefined ? {} : { geoIp }) }
}

function createSource(
  config: ThreatIntelligenceConfig,
  readList: ReadList,
  { keys, translations, fetch, clock, logger, budgets, count }: SourceSetup,
): IntelligenceSource {
  if (config.type === 'list') return new ListSource(new ThreatList(config, clock, logger, readList), translations)
  const { name, budget: most } = config
  const budget = new QuestionBudget(name, most, budgets, clock)
  const counted = (result: QuestionResult) => count(name, result)
  return new HttpProvider(config, keys.get(config), { budget, fetch, clock, logger, count: counted })
}
