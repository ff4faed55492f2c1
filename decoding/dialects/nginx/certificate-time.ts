import type { EpochMs } from '../../../core/clock.ts'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const
const PRINTED = /^(\w{3}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d) (\d{4}) GMT$/

/** Time as OpenSSL prints it (ASN1_TIME_print): `Nov 27 10:51:42 2026 GMT`, with two spaces before a single digit. */
export function readCertificateTime(text: string): EpochMs | undefined {
  const [, name = '', day, hour, minute, second, year] = PRINTED.exec(text) ?? []
  const month = (MONTHS as readonly string[]).indexOf(name)
  if (month === -1) return undefined
  return Date.UTC(Number(year), month, Number(day), Number(hour), Number(minute), Number(second))
}
