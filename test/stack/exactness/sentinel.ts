import { type EpochMs, MINUTE_MS } from '../../../core/clock.ts'
import { seededRandom } from '../../../core/random.ts'
import { documentOf } from '../elasticsearch/openclaw-index.ts'
import type { Stored } from './round-index.ts'
import { tell } from './stories.ts'

const GATEWAY = 'sentinel'
const caller = { gateway: GATEWAY, connection: '00000000-0000-4000-8000-000000000000' }
const [lone] = tell('refused, and the close is not there', caller, seededRandom(1))
const [noise] = tell('nothing of note', caller, seededRandom(2))

/** How long after the lone line the other one is stamped: by far more than a lone partner waits. */
export const SENTINEL = 5 * MINUTE_MS

/** The series that the lone line moves when nothing is pending any more. */
export const sentinelSeries = lone?.said?.series ?? ''

/** A partner that stays alone, written when all else is, and a line that lets time come behind it. */
export function sentinelDocuments(time: EpochMs): readonly [Stored, Stored] {
  const stored = (id: string, text: string, stamp: EpochMs): Stored => {
    return { index: 'logs-000002', id, replaces: false, body: documentOf(text, GATEWAY, stamp) }
  }
  return [
    stored('sentinel-1', lone?.text(time) ?? '', time),
    stored('sentinel-2', noise?.text(time + SENTINEL) ?? '', time + SENTINEL),
  ]
}
