import { isAbsolute, join } from 'node:path'
import { z } from 'zod'
import { elasticsearchConnectionKeys, refuseContradictions } from '../core/config/elasticsearch.ts'
import { withPaths } from '../core/config/paths.ts'
import { prometheusSettings } from '../core/config/prometheus.ts'
import { parsed, path, text } from '../core/config/schema.ts'
import { exceptionSchema } from './controls/exceptions.ts'
import { formats } from './render/registry.ts'
import { isTimeZone, periodUnits } from './schedule/periods.ts'

const timeZone = () =>
  parsed({ expects: 'an IANA time zone such as Europe/Berlin or UTC', placeholder: '<timezone>' }, value =>
    isTimeZone(value) ? value : undefined,
  )

/** Section `compliance`. */
export const complianceSchema = z
  .strictObject({
    title: text().prefault('Zero-trust report').describe('Title of the reports.'),
    organisation: text().exactOptional().describe('Whom the reports are about, on their first page.'),
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
      .record(z.string(), z.number())
      .prefault({})
      .describe('Values of organization-defined parameters, by their ids: `ac-07_odp.01: 5`.'),
    exceptions: z.array(exceptionSchema).prefault([]).describe('Controls that do not hold, accepted until a day.'),
    expected_sources: z
      .array(text())
      .prefault([])
      .describe('Names of sources that have to be read; one that never was is a gap.'),
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
  })
  .prefault({})
  .describe('Compliance reports.')

export type ComplianceConfig = z.output<typeof complianceSchema>

/** Keys whose value is a path, at any depth. */
const PATH_KEYS = /^(?:.*_file|output_dir|catalogue|chromium)$/

/** The same configuration with its relative paths made absolute. */
export function resolveCompliancePaths(config: ComplianceConfig, folder: string): ComplianceConfig {
  return withPaths(config, PATH_KEYS, file => (isAbsolute(file) ? file : join(folder, file)))
}
