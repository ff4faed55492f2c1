import type { EpochMs } from '../../../core/clock.ts'
import { readTime } from '../../toolkit/time.ts'

/** A number of seconds since 1970, with a fraction. */
export function readSeconds(value: unknown): EpochMs | undefined {
  return typeof value === 'number' ? readTime(Math.round(value * 1_000)) : undefined
}
