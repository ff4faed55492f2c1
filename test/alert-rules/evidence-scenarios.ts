import { gauge, type Scenario } from './scenario.ts'

/** Databases, lists and providers of others, which say something about addresses: those of remediation, then the exporter's. */
export const evidenceScenarios: readonly Scenario[] = [
  gauge(
    'ClawtrustThreatListStale',
    'clawtrust_remediation_intelligence_age_seconds',
    { list: 'feodo' },
    {},
    [60, 172_800, 200_000],
    '2d 7h 33m 20s',
    13,
  ),
  gauge(
    'ClawtrustThreatListEmpty',
    'clawtrust_remediation_intelligence_entries',
    { list: 'feodo' },
    {},
    [500, 1, 0],
    undefined,
    13,
  ),
  gauge(
    'ClawtrustThreatSourceFailing',
    'clawtrust_remediation_intelligence_up',
    { source: 'cti' },
    {},
    [1, 1, 0],
    undefined,
    13,
  ),
  gauge(
    'ClawtrustEnrichmentFailing',
    'clawtrust_enrichment_up',
    { source: 'geoip_file' },
    { kind: 'database' },
    [1, 1, 0],
    undefined,
    13,
  ),
  gauge(
    'ClawtrustEnrichmentStale',
    'clawtrust_enrichment_age_seconds',
    { source: 'drop' },
    { kind: 'threat_list' },
    [60, 172_800, 200_000],
    '2d 7h 33m 20s',
    13,
  ),
]
