import { isAbsolute, join } from 'node:path'
import { z } from 'zod'
import { DAY_MS, HOUR_MS } from '../core/clock.ts'
import { elasticsearchConnectionKeys, refuseContradictions } from '../core/config/elasticsearch.ts'
import { withPaths } from '../core/config/paths.ts'
import { prometheusSettings } from '../core/config/prometheus.ts'
import { duration, listenAddress, parsed, path, text } from '../core/config/schema.ts'
import { type Observer, observers } from '../core/zero-trust.ts'
import { exceptionSchema } from './controls/exceptions.ts'
import { reportDestinationSchema } from './delivery/config.ts'
import type { ExpectedCoverage } from './evidence/coverage.ts'
import { formats } from './render/formats.ts'
import { isCron } from './schedule/due.ts'
import { isTimeZone, periodUnits } from './schedule/periods.ts'

const observerNames = Object.keys(observers) as [Observer, ...Observer[]]

const timeZone = () =>
  parsed({ expects: 'an IANA time zone such as Europe/Berlin or UTC', placeholder: '<timezone>' }, value =>
    isTimeZone(value) ? value : undefined,
  )

/** Section `compliance`. */
export const complianceSchema = z
  .strictObject({
    title: text().prefault('Zero-trust report').describe('Title of the reports.'),
    organisation: text().exactOptional().describe('The organisation that the reports are about, on their first page.'),
    output_dir: path()
      .prefault('clawtrust-reports')
      .describe('Folder of the reports; each period has a folder of its own in it.'),
    period: z.enum(periodUnits).prefault('month').describe('What a report is about: whole periods of the calendar.'),
    time_zone: timeZone().prefault('UTC').describe('The time zone whose midnights are the borders of periods.'),
    frameworks: z
      .array(text())
      .min(1)
      .exactOptional()
      .describe('Ids of the frameworks of a report. Default: all that are shipped, and those of `catalogue`.'),
    catalogue: z
      .array(path())
      .prefault([])
      .describe('Further files of frameworks and controls; see [the catalogue](compliance.md#the-catalogue).'),
    parameters: z
      .record(z.string(), z.number().meta({ expects: 'a number', placeholder: '<number>' }))
      .prefault({})
      .describe('Values of organization-defined parameters, by their ids: `ac-07_odp.01: 5`.'),
    exceptions: z.array(exceptionSchema).prefault([]).describe('Controls that do not hold, accepted until a day.'),
    longest_exception: duration(DAY_MS, 3653 * DAY_MS)
      .prefault('366d')
      .describe(
        'How long after the end of a period an exception may end. One that ends later covers nothing: its owner would not have to look at it again in time.',
      ),
    expected: z
      .strictObject({
        sources: z
          .array(
            z.strictObject({
              name: text().describe('Its name among the sources of the exporter.'),
              observers: z.array(z.enum(observerNames)).prefault([]).describe('What it observes.'),
            }),
          )
          .prefault([])
          .describe('Sources that have to be read; one that never was is a gap of the whole period.'),
        indices: z
          .array(
            z.strictObject({
              index: text().describe('A pattern of indices or data streams.'),
              time_field: text().prefault('@timestamp').describe('The field of the time of an event.'),
              observers: z.array(z.enum(observerNames)).min(1).describe('What its documents observe.'),
              silence: duration(HOUR_MS, 31 * DAY_MS)
                .prefault('1d')
                .describe('A time without documents is a gap from this length.'),
            }),
          )
          .prefault([])
          .describe('Documents that other programs than the exporter write.'),
      })
      .prefault({})
      .describe('What has to be observed. Every pass rests on it.'),
    formats: z
      .array(z.enum(formats))
      .min(1)
      .prefault([...formats])
      .describe('Forms of a report. `pdf` needs Chromium; without it the report is made without PDF, and says so.'),
    chromium: path()
      .exactOptional()
      .describe('The program that prints the PDF. Default: Chromium or Chrome of the PATH.'),
    signing_key_file: path()
      .exactOptional()
      .describe('Private key (ed25519, PEM) that signs the manifests; `clawtrust report keygen` makes one.'),
    elasticsearch: z
      .strictObject(elasticsearchConnectionKeys)
      .superRefine(refuseContradictions)
      .exactOptional()
      .describe('The cluster that holds the logs. Without it, evidence from documents is unknown.'),
    prometheus: prometheusSettings
      .exactOptional()
      .describe('The server that holds the metrics. Without it, the state of the exporter is read.'),
    schedule: z
      .strictObject({
        cron: parsed({ expects: 'a cron expression such as 0 6 * * *', placeholder: '<cron>' }, value =>
          isCron(value) ? value : undefined,
        )
          .prefault('0 6 * * *')
          .describe('When it is looked whether a period without a report has ended, in `time_zone`.'),
        lease: z
          .enum(['folder', 'elasticsearch'])
          .prefault('folder')
          .describe(
            'What keeps two processes from making the same report: a lock of `output_dir`, or a document in the cluster of `elasticsearch`, for replicas on several machines.',
          ),
        lease_index: text()
          .prefault('clawtrust-lease')
          .describe('The index of that document; `clawtrust elastic setup` has the role for it.'),
      })
      .prefault({})
      .describe('When `clawtrust report serve` and `report --once` make reports.'),
    destinations: z
      .array(reportDestinationSchema)
      .superRefine(refuseSharedNames)
      .prefault([])
      .describe('Where finished reports are delivered, also when nothing happened.'),
    listen_address: listenAddress()
      .prefault('127.0.0.1:9849')
      .describe('Where `clawtrust report serve` serves its page, the reports and /metrics.'),
    web_config_file: path()
      .exactOptional()
      .describe(
        "TLS, client certificates and basic authentication, with the keys of exporter-toolkit's web configuration.",
      ),
  })
  .superRefine(({ schedule, elasticsearch }, context) => {
    if (schedule.lease === 'folder' || elasticsearch !== undefined) return
    const message = 'is elasticsearch, which needs the section compliance.elasticsearch'
    context.addIssue({ code: 'custom', path: ['schedule', 'lease'], message })
  })
  .prefault({})
  .describe('Compliance reports.')

function refuseSharedNames(destinations: readonly { readonly name: string }[], context: z.core.$RefinementCtx): void {
  destinations.forEach(({ name }, index) => {
    if (destinations.findIndex(other => other.name === name) === index) return
    context.addIssue({ code: 'custom', path: [index, 'name'], message: `is ${name}, as that of another destination` })
  })
}

export type ComplianceConfig = z.output<typeof complianceSchema>

/** Keys whose value is a path, at any depth. */
const PATH_KEYS = /^(?:.*_file|output_dir|catalogue|chromium|path)$/

/** The same configuration with its relative paths made absolute. */
export function resolveCompliancePaths(config: ComplianceConfig, folder: string): ComplianceConfig {
  return withPaths(config, PATH_KEYS, file => (isAbsolute(file) ? file : join(folder, file)))
}

/** What has to be observed, by the configuration. */
export const expectedOf = ({ expected: { sources, indices } }: ComplianceConfig): ExpectedCoverage => ({
  sources,
  indices: indices.map(({ index, time_field: timeField, observers, silence }) => {
    return { index, timeField, observers, silence }
  }),
})
