import type { EpochMs } from '../../core/clock.ts'
import type { Fields } from './body.ts'

/** Without an offset a time would be read in the zone of this machine: such a text is refused. */
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)$/

/** Time of an ISO 8601 text with `Z` or an offset, or of a number of milliseconds; undefined for anything else. */
export function readTime(value: unknown): EpochMs | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value > 0 ? value : undefined
  if (typeof value !== 'string' || !ISO_TIME.test(value)) return undefined
  const time = Date.parse(value)
  return Number.isNaN(time) ? undefined : time
}

/** Milliseconds in digits, with the fraction that the OpenTelemetry Collector adds for nanoseconds. */
const EPOCH_MS_TEXT = /^(\d{12,14})(?:\.\d{1,9})?$/

/** When a log record was written: `ts` of the stdout exporter, else `@timestamp` of a document, as text or digits. */
export function readStoredTime({ ts, '@timestamp': stored }: Fields): EpochMs | undefined {
  const digits = typeof stored === 'string' ? EPOCH_MS_TEXT.exec(stored)?.[1] : undefined
  return readTime(ts) ?? readTime(digits === undefined ? stored : Number(digits))
}
