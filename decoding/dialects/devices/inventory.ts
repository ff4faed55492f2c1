import type { EpochMs } from '../../../core/clock.ts'
import type { DeviceFacts } from '../../toolkit/device.ts'
import { type Fields, textOf } from '../../toolkit/fields.ts'
import { NO_ORIGIN } from '../../toolkit/origin.ts'
import { factValues } from '../../toolkit/posture.ts'
import type { Decoding } from '../../toolkit/record.ts'
import { readStoredTime, readTime } from '../../toolkit/time.ts'
import type { JsonLineDialect } from '../dialect.ts'
import { readFile } from '../setup.ts'

/** Words for yes and no in inventories. */
const truth = new Map<unknown, boolean>([
  [true, true],
  ['true', true],
  ['yes', true],
  ['on', true],
  ['1', true],
  [false, false],
  ['false', false],
  ['no', false],
  ['off', false],
  ['0', false],
])
const truthOf = (value: unknown): boolean | undefined =>
  truth.get(typeof value === 'string' ? value.trim().toLowerCase() : value)

const facts = ['platform', 'os_version', 'patch_level', 'agents', 'disk_encryption', 'compliant'] as const

/** A device of a plain inventory: the format is clawtrust's own. */
export const deviceInventoryDialect: JsonLineDialect = {
  name: 'device-inventory',
  format: 'json-line',
  prefilter: ['"os_version"', '"patch_level"', '"disk_encryption"', '"compliant"'],
  sourceFields: ['ts', '@timestamp', 'time', 'device', 'hostIdentifier', ...facts],
  recognises: fields =>
    typeof fields.device === 'string' &&
    fields.device !== '' &&
    fields.hostIdentifier === undefined &&
    ['os_version', 'patch_level', 'disk_encryption', 'compliant'].some(key => Object.hasOwn(fields, key)),
  decode,
  signals: ['posture_drifts'],
  observer: 'posture',
  documentation: {
    samples: { kind: 'documented', from: "clawtrust's own format" },
    setup: [readFile('inventory', '/var/lib/inventory/devices.csv')],
    reads:
      'devices of a plain inventory, as JSON or CSV: `device`, `platform`, `os_version`, `patch_level`, `agents`, `disk_encryption`, `compliant`, `time`',
    rules: [
      'Devices (`device-inventory`, `osquery`) are named by their inventory. A value that a record does not have stays as it was.',
    ],
  },
}

function decode(fields: Fields, envelopeTime?: () => EpochMs | undefined): Decoding {
  const time = readTime(fields.time) ?? readStoredTime(fields) ?? envelopeTime?.()
  if (time === undefined) return { kind: 'undecoded', reason: 'bad_time' }
  return {
    kind: 'device_state',
    time,
    origin: NO_ORIGIN,
    state: { device: textOf(fields.device) ?? '', set: factsOf(fields) },
  }
}

function factsOf({ platform, os_version, patch_level, agents, disk_encryption, compliant }: Fields): DeviceFacts {
  const text = (value: unknown) => {
    const found = textOf(typeof value === 'number' ? String(value) : value)?.trim()
    return found === undefined || found === '' ? undefined : factValues([found])
  }
  const isEncrypted = truthOf(disk_encryption)
  const isCompliant = truthOf(compliant)
  return defined({
    platform: text(platform),
    os_version: text(os_version),
    patch_level: text(patch_level),
    agents: listOf(agents),
    unencrypted_disks: isEncrypted === undefined ? undefined : isEncrypted ? [] : ['all'],
    compliant: isCompliant === undefined ? undefined : [String(isCompliant)],
  })
}

/** Parts of a list that are read: more than any device has agents. One that is left out is missing. */
const MAX_PARTS = 1_000

/** A list, or one text with its parts between semicolons or commas. */
function listOf(value: unknown): readonly string[] | undefined {
  const parts = typeof value === 'string' ? value.split(/[;,]/, MAX_PARTS) : arrayOf(value)?.slice(0, MAX_PARTS)
  return parts && factValues(parts.flatMap(part => textOf(part)?.trim() || []))
}

const arrayOf = (value: unknown): readonly unknown[] | undefined => (Array.isArray(value) ? value : undefined)

/** Without the facts that are not known. */
export function defined(facts: { readonly [Fact in keyof DeviceFacts]: DeviceFacts[Fact] | undefined }): DeviceFacts {
  return Object.fromEntries(Object.entries(facts).filter(([, values]) => values !== undefined))
}
