import type { EpochMs } from '../../../core/clock.ts'
import { isObject } from '../../../core/json.ts'
import { type Fields, textOf } from '../../toolkit/fields.ts'
import { NO_ORIGIN } from '../../toolkit/origin.ts'
import { factValues } from '../../toolkit/posture.ts'
import type { Decoding } from '../../toolkit/record.ts'
import { readStoredTime } from '../../toolkit/time.ts'
import type { JsonLineDialect } from '../dialect.ts'
import { askedFootprint } from '../openclaw/setup.ts'
import { statusSetup } from './setup.ts'

/** `openclaw status --json`: the version of the installation. */
export const openclawStatusDialect: JsonLineDialect = {
  name: 'openclaw-status',
  format: 'json-line',
  prefilter: ['"updateChannelSource"'],
  sourceFields: ['ts', '@timestamp', 'runtimeVersion', 'updateChannel', 'gatewayService'],
  recognises: ({ runtimeVersion, updateChannel, gatewayService }) =>
    typeof runtimeVersion === 'string' && typeof updateChannel === 'string' && isObject(gatewayService),
  decode,
  // The version is a fact of the snapshot.
  versions: { product: 'openclaw', report: () => undefined },
  signals: ['posture_drifts'],
  observer: 'posture',
  footprint: askedFootprint,
  documentation: {
    samples: { kind: 'captured', from: 'OpenClaw 2026.9.6' },
    setup: statusSetup,
    reads: 'the output of `openclaw status --json`: the version of OpenClaw',
    rules: [],
  },
}

function decode(fields: Fields, envelopeTime?: () => EpochMs | undefined): Decoding {
  const time = readStoredTime(fields) ?? envelopeTime?.()
  if (time === undefined) return { kind: 'undecoded', reason: 'bad_time' }
  const version = textOf(fields.runtimeVersion)
  return {
    kind: 'posture_snapshot',
    time,
    origin: NO_ORIGIN,
    snapshot: {
      producer: 'openclaw-status',
      findings: [],
      facts: version === undefined ? {} : { openclaw_version: factValues([version]) },
    },
  }
}
