import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { IngestClock } from '../../../../exporter/sources/elasticsearch/ingest-clock.ts'
import { partToCome } from '../../../../exporter/sources/elasticsearch/window.ts'

const NOON = Date.parse('2026-11-24T12:00:00Z')
const rules = { lag: 10_000, maxSkew: 300_000 }
const time = fc.integer({ min: NOON - 7_200_000, max: NOON + 7_200_000 })

describe('what can be read now', () => {
  it('begins where the last window ended, and never passes the lag or the believable future', () => {
    fc.assert(
      fc.property(time, time, time, (swept, come, now) => {
        const bound = Math.min(come - rules.lag, now + rules.maxSkew)
        const expected = bound <= swept ? undefined : { after: swept, through: bound }
        expect(partToCome({ swept, come, now }, rules)).toEqual(expected)
      }),
    )
  })

  it('follows the newest document and not the clock of a reader that is five minutes ahead', () => {
    const frontier = { swept: NOON - 20_000, come: NOON, now: NOON + 300_000 }
    expect(partToCome(frontier, rules)).toEqual({ after: NOON - 20_000, through: NOON - 10_000 })
  })
})

describe('ingest time', () => {
  const clock = { passed: 0, now: () => NOON, monotonic: () => clock.passed }

  it('follows the documents of a busy index and the monotonic clock in an idle one', () => {
    clock.passed = 1_000
    const ingestClock = new IngestClock(clock, NOON, 0)
    clock.passed += 5_000
    expect(ingestClock.come).toBe(NOON + 5_000)
    expect(ingestClock.observe(NOON + 3_000)).toBe(true)
    expect(ingestClock.come).toBe(NOON + 3_000)
  })

  it('passes too where documents are deleted or all are gone', () => {
    const ingestClock = new IngestClock(clock, NOON, 0)
    clock.passed += 5_000
    expect([ingestClock.observe(NOON - 60_000), ingestClock.observe(undefined)]).toEqual([false, false])
    expect(ingestClock.come).toBe(NOON + 5_000)
  })

  it('continues where it was when a reader restarts', () => {
    expect(new IngestClock(clock, NOON, 40_000).come).toBe(NOON + 40_000)
    expect(new IngestClock(clock, NOON, -40_000).come).toBe(NOON)
  })
})
