import { systemClock } from '../core/clock.ts'
import type { EnrichmentConfig } from '../exporter/enrichment/config.ts'
import { Enrichment } from '../exporter/enrichment/enrichment.ts'
import { needsCountries, policyOfConfig } from '../remediation/config.ts'
import { countryDatabase } from '../remediation/enrichment/sources.ts'
import { type RemediationSecrets, readSecrets } from '../remediation/secrets.ts'
import { readConnection } from '../service/elasticsearch/read-connection.ts'
import { openGeoIp } from '../service/geoip/geoip.ts'
import { readRoles } from '../service/http/roles.ts'
import { createLogger, type Logger } from '../service/log/logger.ts'
import { ThreatList } from '../service/threat-lists/threat-list.ts'
import type { Config } from './config-schema.ts'
import type { ConfigWarning } from './config-warnings.ts'

/**
 * Reads every secret and certificate that a source or a role names. Rejects with SECRET_UNREADABLE at the first one that
 * cannot be used.
 */
export async function checkConnections({ exporter, web }: Config): Promise<void> {
  await readRoles(web, process.env)
  for (const [index, source] of exporter.sources.entries()) {
    if (source.type === 'elasticsearch') await readConnection(source, process.env, `exporter.sources[${index}].`)
  }
}

/** Reads every secret of section `remediation`. Rejects with SECRET_UNREADABLE at the first that cannot be used. */
export function checkRemediationSecrets({ remediation }: Config): Promise<RemediationSecrets> {
  return readSecrets(remediation, process.env)
}

/**
 * Reads the databases and the lists of sections `remediation.enrichment` and `exporter.enrichment`. Rejects with
 * DATABASE_UNUSABLE for that of remediation, without which the service does not start.
 *
 * @returns one warning for each other file that cannot be read: the services start without it
 */
export async function checkEvidence({ exporter, remediation }: Config): Promise<readonly ConfigWarning[]> {
  const { geoip_file: file, threat_intelligence: sources } = remediation.enrichment
  const logger = createLogger({ destination: { write: () => {} } })
  const needed = needsCountries(policyOfConfig(remediation))
  if (file !== undefined) await openGeoIp(file, { ...countryDatabase(needed), clock: systemClock, logger })
  const warnings: ConfigWarning[] = [...(await checkEnrichment(exporter.enrichment, logger))]
  for (const [index, list] of sources.entries()) {
    if (list.type !== 'list') continue
    const source = new ThreatList(list, systemClock, logger)
    await source.refresh()
    const { trouble } = source.state()
    if (trouble === undefined) continue
    const key = `remediation.enrichment.threat_intelligence[${index}].file`
    warnings.push({ key, what: `is ${list.file}, which gives no list: ${trouble}; check the file` })
  }
  return warnings
}

/** One warning for each file about addresses that says nothing. */
async function checkEnrichment(config: EnrichmentConfig, logger: Logger): Promise<readonly ConfigWarning[]> {
  const enrichment = await Enrichment.open(config, { clock: systemClock, logger })
  return enrichment.states().flatMap(({ kind, source, trouble }) => {
    if (trouble === undefined) return []
    const index = config.threat_lists.findIndex(({ name }) => name === source)
    const list = kind === 'database' ? undefined : config.threat_lists[index]
    const key = list === undefined ? source : `threat_lists[${index}].file`
    const file = list === undefined ? config[source as 'geoip_file' | 'asn_file'] : list.file
    const what = `is ${file}, which cannot be used: ${trouble}; the exporter starts without it, so check the file`
    return [{ key: `exporter.enrichment.${key}`, what }]
  })
}
