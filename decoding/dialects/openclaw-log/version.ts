import type { Fields } from '../../toolkit/fields.ts'
import { templateOfFields, templateOfText } from '../../toolkit/log-template.ts'
import { NO_ORIGIN } from '../../toolkit/origin.ts'
import type { Decoding, Origin } from '../../toolkit/record.ts'
import { reasonsOfFormat, type VersionReport } from '../../toolkit/version-report.ts'
import type { LogLine } from './templates/log-line.ts'

type ReadLayout = (fields: Fields) => LogLine | undefined

/** The line that the gateway writes where a newer version is published; its own comes last. */
const UPDATE = /^update available \([\w.-]{1,32}\): v[\w.+-]{1,48} \(current v([\w.-]{1,48})\)\. Run: openclaw update$/
/** A build begins with the version; what follows names its commit and its time. */
const BUILD = /^(\d{1,5}\.\d{1,5}(?:\.\d{1,5})?)-/
const SUBSYSTEM = /^[a-z/-]{1,32}$/

/**
 * What a line shows of the gateway's version. Most lines have none: a report of a refused Control UI has the build of the
 * gateway, in meta, and `update available` has its version. Versions elsewhere in a line are those of clients.
 */
export function versionReport(fields: Fields, decoding: Decoding, readLayout: ReadLayout): VersionReport | undefined {
  if (decoding.kind === 'undecoded') return ofUndecoded(fields, decoding, readLayout)
  if (decoding.kind === 'no_signal') return { origin: originOf(readLayout(fields)) }
  if (decoding.kind !== 'claim') return undefined
  const { labels, origin } = decoding.claim
  const version =
    labels.kind === 'update_available'
      ? UPDATE.exec(readLayout(fields)?.text ?? '')?.[1]
      : labels.reason === 'control-ui-build-mismatch'
        ? buildIn(readLayout(fields)?.meta)
        : undefined
  return version === undefined ? undefined : { origin, version }
}

function buildIn(meta: Fields | undefined): string | undefined {
  const build = meta?.gatewayBuildId
  return typeof build === 'string' ? BUILD.exec(build)?.[1] : undefined
}

function ofUndecoded(
  fields: Fields,
  { reason }: Extract<Decoding, { kind: 'undecoded' }>,
  readLayout: ReadLayout,
): VersionReport {
  const line = readLayout(fields)
  const origin = originOf(line)
  if (!reasonsOfFormat.has(reason)) return { origin }
  const template = line === undefined ? templateOfFields(fields) : templateOf(line)
  return { origin, template }
}

const templateOf = ({ subsystem, text }: LogLine): string =>
  `${SUBSYSTEM.test(subsystem) ? subsystem : '<*>'}: ${templateOfText(text)}`

const originOf = (line: LogLine | undefined): Origin => (line?.host === undefined ? NO_ORIGIN : { host: line.host })
