/** Entries of systemd's journal as `journalctl -o export` writes them. */

export type EntryFields = readonly (readonly [name: string, value: string | Uint8Array])[]

export const SEQUENCE = '0a1b2c3d4e5f60718293a4b5c6d7e8f9'

/** Fields of an entry of the unit openclaw.service, with the fields before its message that journalctl writes first. */
export function entryFields(message: string | Uint8Array, more: EntryFields = [], sequence = SEQUENCE): EntryFields {
  return [
    ['__CURSOR', `s=${sequence};i=1;b=6f9a;m=2a;t=61a;x=b3`],
    ['__REALTIME_TIMESTAMP', '1795880891007112'],
    ['__MONOTONIC_TIMESTAMP', '1007112'],
    ['_BOOT_ID', '6f9a8c8e0f2f4b1d9a7c5e3b1f0d2c4e'],
    ['_TRANSPORT', 'stdout'],
    ['_HOSTNAME', 'gw'],
    ...more,
    ['MESSAGE', message],
    ['_PID', '4711'],
  ]
}

const OF_OPENCLAW: EntryFields = [['_SYSTEMD_UNIT', 'openclaw.service']]

export function openclawEntry(message: string | Uint8Array, more: EntryFields = [], sequence = SEQUENCE): Buffer {
  return exported(entryFields(message, [...OF_OPENCLAW, ...more], sequence))
}

/** An entry, with its empty line. */
export function exported(fields: EntryFields): Buffer {
  return Buffer.concat([...fields.map(([name, value]) => field(name, Buffer.from(value))), Buffer.from('\n')])
}

function field(name: string, value: Buffer): Buffer {
  if (isPrintable(value)) return Buffer.concat([Buffer.from(`${name}=`), value, Buffer.from('\n')])
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(value.length))
  return Buffer.concat([Buffer.from(`${name}\n`), length, value, Buffer.from('\n')])
}

/** As journalctl decides: UTF-8 without control characters except the tab. */
function isPrintable(value: Buffer): boolean {
  const text = value.toString('utf8')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is asked for
  return Buffer.from(text).equals(value) && !/[\x00-\x08\x0a-\x1f\x7f-\x9f]/.test(text)
}
