import { describe, expect, it } from '@jest/globals'
import { savedState } from '../../service/state/saved-state.ts'
import { batchOf, bench, NOON, recordOf, total } from './fixtures.ts'

const LATE = 'clawtrust_late_events_total'
const HISTORY = 'clawtrust_late_history_events_total'
const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** One event of a gateway. */
const of = (host: string, time: number, count = 1) => recordOf(`${host} ${time}`, { time, count, origin: { host } })

type Reader = ReturnType<typeof bench>

/** The source has read these at this time, and closes what is due. */
function read({ pipeline, clock }: Reader, time: number, ...records: ReturnType<typeof of>[]): void {
  clock.time = time
  pipeline.ingest('log', batchOf(records, { watermark: time }))
  while (pipeline.closeMinutes());
}

const counts = ({ store }: Reader) => [total(store, LATE, 'log'), total(store, HISTORY, 'log')]

/** A process that continues at the last commit of this one. */
function restarted({ pipeline, store }: Reader): Reader {
  const saved = savedState({ ...pipeline.changes(), series: store.changes() })
  const next = bench()
  next.store.restore(saved.series)
  next.pipeline.restore(saved)
  return next
}

describe('late events', () => {
  it('of an old log that is shipped for the first time are counted apart, also after a restart', () => {
    const first = bench()
    read(first, NOON, of('known', NOON))
    read(first, NOON + HOUR, of('new', NOON - 10 * HOUR), of('new', NOON))
    read(first, NOON + HOUR + MINUTE, of('new', NOON - 9 * HOUR, 3))
    expect(counts(first)).toEqual([3, 3])
    const second = restarted(first)
    read(second, NOON + HOUR + 2 * MINUTE, of('new', NOON - 8 * HOUR, 4))
    expect(counts(second)).toEqual([7, 7])
  })

  it('of a gateway that was read before are those of a shipper that lags', () => {
    const reader = bench()
    read(reader, NOON, of('known', NOON - 10 * HOUR), of('known', NOON))
    read(reader, NOON + HOUR)
    read(reader, NOON + HOUR, of('known', NOON + 2 * MINUTE, 5))
    expect(counts(reader)).toEqual([5, 0])
  })
})
