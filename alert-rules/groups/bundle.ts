import { greatest, held, selector } from '../../promql/build.ts'
import type { RuleGroup } from '../rule.ts'
import { count, instances } from '../text.ts'
import type { Values } from '../values.ts'

const commitAge = (matchers: string) =>
  `time() - ${held(selector('clawtrust_state_commit_timestamp_seconds', matchers))}`
const folderUse = (matchers: string) =>
  `${held(selector('clawtrust_state_folder_bytes', matchers))} / ${held(selector('clawtrust_state_folder_limit_bytes', matchers))}`
const reload = (matchers: string) => held(selector('clawtrust_config_last_reload_successful', matchers), '5m')

/** Targets that exposed clawtrust_build_info within a day and are down. */
const down = (matchers: string) =>
  `${held(selector('up', matchers))} == 0 and on (job, instance) ${held('clawtrust_build_info', '1d')}`

/** Health of the services. */
export const bundle = ({ telemetry: values }: Values): RuleGroup => ({
  name: 'clawtrust-bundle',
  dashboard: 'exporter-health',
  rules: [
    {
      alert: 'ClawtrustExporterAbsent',
      expr: 'absent(clawtrust_scorings_total)',
      for: '5m',
      severity: 'critical',
      summary: 'No exporter is scraped.',
      description:
        'Prometheus has scraped no metrics of a clawtrust exporter for 5 minutes: nothing is monitored, and most alerts of this pack cannot fire. Start the exporter, or fix the scrape configuration.',
      controls: ['AU-5', 'SI-4'],
    },
    {
      alert: 'ClawtrustTargetDown',
      expr: `count by (job) (${down('')}) > 0`,
      for: '5m',
      severity: 'warning',
      summary: 'A clawtrust service cannot be scraped.',
      description: `Prometheus has not scraped ${instances(down)} for 8 minutes. Another exporter may still monitor; without the remediation service, alerts trigger no action. Check the process, then the credentials and the certificate of the scrape.`,
      controls: ['AU-5', 'CP-10'],
    },
    {
      alert: 'ClawtrustStateNotCommitted',
      expr: `max by (job) (${commitAge('')}) > ${values.commit_age_seconds}`,
      for: '2m',
      severity: 'critical',
      summary: 'An exporter cannot write its state.',
      description: `The last commit of ${instances(matchers => `${commitAge(matchers)} > ${values.commit_age_seconds}`)} is {{ $value | humanizeDuration }} old: its values are frozen, which looks like no activity. Look for a disk that is full or read-only.`,
      controls: ['AU-4', 'AU-5'],
    },
    {
      alert: 'ClawtrustStateFolderFull',
      expr: `${greatest('job', folderUse(''))} > 0.8`,
      for: '5m',
      severity: 'warning',
      summary: 'The state folder of an exporter is close to its limit.',
      description: `The state folder of ${instances(matchers => `${folderUse(matchers)} > 0.8`)} uses {{ $value | humanizePercentage }} of exporter.state_limit. At the limit the exporter stops reading and its values are frozen; nothing is lost. Raise the limit if the disk has room.`,
      controls: ['AU-4', 'AU-5'],
    },
    {
      alert: 'ClawtrustSeriesDropped',
      expr: `${greatest('job, metric', 'increase(clawtrust_series_dropped_total[15m])')} > 0`,
      severity: 'warning',
      summary: 'A metric has reached its series limit.',
      description:
        '{{ $labels.metric }} reached its limit at job {{ $labels.job }}: new label values are summed in one overflow series, so sums are correct but new gateways and zones are not visible separately. Look for gateway names that change with each restart.',
      controls: ['AU-5', 'SI-4'],
    },
    {
      alert: 'ClawtrustMinutesShared',
      expr: `${greatest('job, source', 'increase(clawtrust_shared_minute_events_total[15m])')} > 0`,
      severity: 'warning',
      summary: 'Some gateways have no minute series and no scores.',
      description: `In 15 minutes, ${count} events of source {{ $labels.source }} at job {{ $labels.job }} came from gateways above exporter.minutes.series_limit: counters are exact; these gateways share a minute series and have no scores. Look for forged gateway names; raise the limit if they are real.`,
      controls: ['AU-5', 'SI-4'],
    },
    {
      alert: 'ClawtrustMemoryEvicted',
      expr: `${greatest('job, memory', 'increase(clawtrust_memory_evicted_total[15m])')} > 0`,
      severity: 'warning',
      summary: 'A bounded memory evicts entries.',
      description: `Memory {{ $labels.memory }} at job {{ $labels.job }} evicted ${count} entries in 15 minutes: sprays and first-seen entities may be missed or counted again; all other counts are exact. The cause is many addresses or identities, or a source that is down: check the addresses with the most refusals and the state of the sources.`,
      controls: ['AU-5', 'SI-4'],
    },
    {
      alert: 'ClawtrustConfigReloadFailed',
      expr: `min by (job) (${reload('')}) == 0`,
      for: '10m',
      severity: 'warning',
      summary: 'A configuration reload failed.',
      description: `${instances(matchers => `${reload(matchers)} == 0`)} refused a changed configuration and uses the previous one. Run clawtrust check-config: it reports the line and the key.`,
      controls: ['CM-3', 'CM-6'],
    },
  ],
})
