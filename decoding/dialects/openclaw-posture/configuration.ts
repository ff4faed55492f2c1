import { type Fields, textOf } from '../../toolkit/fields.ts'
import { NO_ORIGIN } from '../../toolkit/origin.ts'
import type { Decoding } from '../../toolkit/record.ts'
import { readTime } from '../../toolkit/time.ts'
import type { JsonLineDialect } from '../dialect.ts'
import { askedFootprint } from '../openclaw/setup.ts'
import { changeSeverity } from '../openclaw-log/templates/sensitive-paths.ts'
import { configurationSetup } from './setup.ts'

/** Writers whose writes OpenClaw's log reports too. */
const loggedOrigins: ReadonlySet<unknown> = new Set(['cli', 'config-rpc'])
/** Results of a write that changed the file. */
const written: ReadonlySet<unknown> = new Set(['rename', 'copy-fallback'])

/** Rows of OpenClaw's own trail of its configuration: table `diagnostic_events`, scope `config-audit`. */
export const openclawConfigAuditDialect: JsonLineDialect = {
  name: 'openclaw-config-audit',
  format: 'json-line',
  prefilter: ['"config.write"', '"config.external"'],
  sourceFields: [
    'ts',
    'source',
    'event',
    'configPath',
    'nextHash',
    'previousHash',
    'changedPaths',
    'valid',
    'origin',
    'result',
  ],
  recognises: ({ source, event, configPath }) =>
    source === 'config-io' && typeof event === 'string' && typeof configPath === 'string',
  decode,
  signals: ['posture_drifts'],
  observer: 'posture',
  footprint: askedFootprint,
  documentation: {
    samples: { kind: 'captured', from: 'OpenClaw 2026.9.6' },
    setup: configurationSetup,
    reads: "rows of OpenClaw's configuration trail (`config-audit` in its state database), one JSON object a line",
    rules: [
      'Of the configuration trail an edit that OpenClaw did not make counts as `config_external`. One whose hash a write of the minute before has is the echo of that write. Writes by the command line and over RPC count by the log, other writes (`doctor`, `plugin-install`) here; anomalies count by the log.',
      'A row of the configuration trail has texts in `event` and `source`, where an index in the Elastic Common Schema has objects: Elasticsearch refuses a document with the row at its root. Ship it as the raw line, or parsed into a field of its own, in an envelope.',
    ],
  },
}

function decode(fields: Fields): Decoding {
  const time = readTime(fields.ts)
  if (time === undefined) return { kind: 'undecoded', reason: 'bad_time' }
  const { event, result, origin, previousHash, nextHash, valid } = fields
  const hash = textOf(nextHash)
  const path = textOf(fields.configPath) ?? ''
  const isWrite = event === 'config.write' && written.has(result)
  if (hash === undefined || hash === previousHash || (!isWrite && event !== 'config.external')) {
    return { kind: 'no_signal', time, template: 'config-audit' }
  }
  const severity = valid === false ? 'high' : changeSeverity(pathsOf(fields))
  const change = isWrite
    ? ({ by: 'write', isLogged: loggedOrigins.has(origin) } as const)
    : ({ by: 'edit', isLogged: false } as const)
  return { kind: 'configuration_change', time, origin: NO_ORIGIN, change: { path, hash, severity, ...change } }
}

/** Paths that were changed, in one text. */
function pathsOf({ changedPaths }: Fields): string {
  return Array.isArray(changedPaths) ? changedPaths.filter(path => typeof path === 'string').join(',') : ''
}
