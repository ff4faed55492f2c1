import type { EpochMs } from '../../../core/clock.ts'
import { isObject } from '../../../core/json.ts'
import type { DeviceToken } from '../../toolkit/device-tokens.ts'
import { type Fields, textOf } from '../../toolkit/fields.ts'
import { NO_ORIGIN } from '../../toolkit/origin.ts'
import type { Decoding } from '../../toolkit/record.ts'
import { readStoredTime } from '../../toolkit/time.ts'
import type { JsonLineDialect } from '../dialect.ts'
import { askedFootprint } from '../openclaw/setup.ts'
import { deviceListSetup } from './setup.ts'

/** Tokens of one list, and scopes of one token, that are read. */
const MAX_TOKENS = 10_000
const MAX_SCOPES = 64

/** `openclaw devices list --json`, and the answer of the method `device.pair.list`. */
export const openclawDevicesDialect: JsonLineDialect = {
  name: 'openclaw-devices',
  format: 'json-line',
  prefilter: ['"paired"'],
  sourceFields: ['ts', '@timestamp', 'pending', 'paired'],
  signals: [],
  observer: 'posture',
  footprint: askedFootprint,
  recognises: ({ pending, paired }) =>
    Array.isArray(pending) && Array.isArray(paired) && paired.every(device => isObject(device) && 'deviceId' in device),
  decode,
  documentation: {
    reads: 'the output of `openclaw devices list --json`: the tokens of paired devices',
    samples: { kind: 'captured', from: 'OpenClaw 2026.9.6' },
    setup: deviceListSetup,
    rules: [
      '`openclaw-devices` lists the tokens of the devices of a gateway: role, scopes, when each was set and used last ([identity.md](identity.md#life-of-identities)). A revoked token is none. A device that is connected, or that was seen, has used its tokens. The name that a device gives itself is not read; the label that an operator gave it is.',
    ],
  },
}

function decode(fields: Fields, envelopeTime?: () => EpochMs | undefined): Decoding {
  const time = readStoredTime(fields) ?? envelopeTime?.()
  if (time === undefined) return { kind: 'undecoded', reason: 'bad_time' }
  const paired = Array.isArray(fields.paired) ? fields.paired.slice(0, MAX_TOKENS) : []
  const tokens = paired.flatMap(device => (isObject(device) ? tokensOf(device, time) : []))
  return { kind: 'device_tokens', time, origin: NO_ORIGIN, tokens: tokens.slice(0, MAX_TOKENS) }
}

function tokensOf(device: Fields, time: EpochMs): readonly DeviceToken[] {
  const id = textOf(device.deviceId)
  if (id === undefined || !Array.isArray(device.tokens)) return []
  const label = textOf(device.operatorLabel)
  const seen = device.connected === true ? time : instantOf(device.lastSeenAtMs)
  return device.tokens.slice(0, MAX_TOKENS).flatMap(token => {
    const role = isObject(token) ? textOf(token.role) : undefined
    if (!isObject(token) || role === undefined || instantOf(token.revokedAtMs) !== undefined) return []
    const created = instantOf(token.createdAtMs)
    const rotated = instantOf(token.rotatedAtMs)
    const used = Math.max(seen ?? 0, instantOf(token.lastUsedAtMs) ?? 0)
    return {
      device: id,
      role,
      scopes: scopesOf(token.scopes),
      ...(label !== undefined && { label }),
      ...(created !== undefined && { created }),
      ...(rotated !== undefined && { rotated }),
      ...(used > 0 && { used }),
    }
  })
}

const scopesOf = (scopes: unknown): readonly string[] =>
  Array.isArray(scopes) ? scopes.slice(0, MAX_SCOPES).flatMap(scope => textOf(scope) ?? []) : []

/** Milliseconds since 1970, as OpenClaw writes them. */
const instantOf = (value: unknown): EpochMs | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined
