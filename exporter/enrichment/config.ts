import { z } from 'zod'
import { path } from '../../core/config/schema.ts'
import { type ThreatListConfig, threatListSchema } from '../../service/threat-lists/config.ts'

/** Each is a value of a label, and held in memory. */
const MAX_LISTS = 64

/** Section `exporter.enrichment`. Files only: an address that is asked of a service would be given away. */
export const enrichmentSchema = z
  .strictObject({
    geoip_file: path()
      .exactOptional()
      .describe(
        'A country or city database in MMDB format, read again when it changes; without it, countries are unknown.',
      ),
    asn_file: path()
      .exactOptional()
      .describe(
        'A database of autonomous systems in MMDB format, read again when it changes; it may be the same file, where that has both.',
      ),
    threat_lists: z
      .array(threatListSchema)
      .max(MAX_LISTS)
      .meta({ expects: `a list of at most ${MAX_LISTS} threat lists` })
      .superRefine(refuseSharedNames)
      .prefault([])
      .describe(
        'Files of addresses and networks; an offender on one of them is marked. The same formats as the lists of `remediation.enrichment.threat_intelligence`.',
      ),
  })
  .prefault({})
  .describe(
    'What files of others say about offenders: country, autonomous system and threat lists. It is shown on the page and in alerts, and decides nothing.',
  )

export type EnrichmentConfig = z.output<typeof enrichmentSchema>

/** The same configuration with every path absolute. */
export function resolveEnrichmentPaths(
  { geoip_file, asn_file, threat_lists }: EnrichmentConfig,
  absolute: (file: string) => string,
): EnrichmentConfig {
  return {
    ...(geoip_file === undefined ? {} : { geoip_file: absolute(geoip_file) }),
    ...(asn_file === undefined ? {} : { asn_file: absolute(asn_file) }),
    threat_lists: threat_lists.map(list => ({ ...list, file: absolute(list.file) })),
  }
}

function refuseSharedNames(lists: readonly ThreatListConfig[], context: z.core.$RefinementCtx): void {
  lists.forEach(({ name }, index) => {
    const first = lists.findIndex(list => list.name === name)
    if (first === index) return
    const message = `is already the name of exporter.enrichment.threat_lists[${first}]; give each list its own`
    context.addIssue({ code: 'custom', path: [index, 'name'], message })
  })
}
