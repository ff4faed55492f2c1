import { greatest, held, selector } from '../../promql/build.ts'
import type { RuleGroup } from '../rule.ts'
import { count, instances } from '../text.ts'
import type { Values } from '../values.ts'

const commitAge = (matchers: string) =>
  `time() - ${held(selector('clawtrust_state_commit_timestamp_seconds', matchers))}`
const folderUse = (matchers: string) =>
  `${held(selector('clawtrust_state_folder_bytes', matchers))} / ${held(selector('clawtrust_state_folder_limit_bytes', matchers))}`
const reload = (matchers: string) => held(selector('clawtrust_config_last_reload_successful', matchers), '5m')

/** Targets of clawtrust that are still to be scraped, by what they told within a day. */
const down = (matchers: string) =>
  `${held(selector('up', matchers))} == 0 and on (job, instance) ${held('clawtrust_build_info', '1d')}`

/** Whether the services themselves work. */
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
        'Prometheus has had no metrics of a clawtrust exporter for 5 minutes: nothing is watched, and most alerts of this pack cannot fire. Start it, or mend the scrape configuration.',
      controls: ['AU-5', 'SI-4'],
    },
    {
      alert: 'ClawtrustTargetDown',
      expr: `count by (job) (${down('')}) > 0`,
      for: '5m',
      severity: 'warning',
      summary: 'A service of clawtrust cannot be scraped.',
      description: `Prometheus has not reached ${instances(down)} for 8 minutes. Another exporter may watch on, but without remediation alerts start nothing. See whether the process is up, then credentials and certificate of the scrape.`,
      controls: ['AU-5', 'CP-10'],
    },
    {
      alert: 'ClawtrustStateNotCommitted',
      expr: `max by (job) (${commitAge('')}) > ${values.commit_age_seconds}`,
      for: '2m',
      severity: 'critical',
      summary: 'An exporter cannot write its state.',
      description: `The last commit of ${instances(matchers => `${commitAge(matchers)} > ${values.commit_age_seconds}`)} is {{ $value | humanizeDuration }} old: its values stand still, which looks like peace. Look for a disk that is full or read-only.`,
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
      summary: 'A metric has more series than it may hold.',
      description:
        '{{ $labels.metric }} met its limit at job {{ $labels.job }}: what is new is summed in one overflow series, so sums are right but new gateways and zones are not seen one by one. Look for names of gateways that change with each restart.',
      controls: ['AU-5', 'SI-4'],
    },
    {
      alert: 'ClawtrustMinutesShared',
      expr: `${greatest('job, source', 'increase(clawtrust_shared_minute_events_total[15m])')} > 0`,
      severity: 'warning',
      summary: 'Gateways have no minutes and no scores of their own.',
      description: `${count} events of source {{ $labels.source }} at job {{ $labels.job }} came in 15 minutes from gateways beyond exporter.minutes.series_limit: counters are exact, these gateways share minutes and have no scores. Look for made-up names of gateways; raise the limit if they are real.`,
      controls: ['AU-5', 'SI-4'],
    },
    {
      alert: 'ClawtrustMemoryEvicted',
      expr: `${greatest('job, memory', 'increase(clawtrust_memory_evicted_total[15m])')} > 0`,
      severity: 'warning',
      summary: 'A memory of limited size was full.',
      description: `Memory {{ $labels.memory }} at job {{ $labels.job }} gave up ${count} entries in 15 minutes: sprays and first sightings may be missed or counted again; all other counts are exact. Many addresses or identities were tried, or a source is away: see the addresses with most refusals and the state of the sources.`,
      controls: ['AU-5', 'SI-4'],
    },
    {
      alert: 'ClawtrustConfigReloadFailed',
      expr: `min by (job) (${reload('')}) == 0`,
      for: '10m',
      severity: 'warning',
      summary: 'A changed configuration was refused.',
      description: `${instances(matchers => `${reload(matchers)} == 0`)} refused a changed configuration and went on with the old one: what you changed is not in force. clawtrust check-config names line and key.`,
      controls: ['CM-3', 'CM-6'],
    },
  ],
})
