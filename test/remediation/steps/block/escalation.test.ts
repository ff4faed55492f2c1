import { describe, expect, it } from '@jest/globals'
import { DAY_MS, HOUR_MS } from '../../../../core/clock.ts'
import { noOffences, type Offences } from '../../../../remediation/domain/block.ts'
import { blockLength, nextOffences } from '../../../../remediation/steps/block/escalation.ts'

const ladder = { ttl: [HOUR_MS, DAY_MS, 7 * DAY_MS], reset_after: 2 * DAY_MS }

/** The lengths of blocks of one address that begin again so long after the end of the one before. */
function lengths(...pauses: number[]): number[] {
  let now = 1_000_000_000
  let offences: Offences = noOffences
  return [0, ...pauses].map(pause => {
    now += pause
    const length = blockLength(ladder, offences, now)
    offences = nextOffences(ladder.reset_after, offences, now, length)
    now += length
    return length
  })
}

describe('the ladder of blocks', () => {
  it('is climbed by who comes back, and its last rung is the longest', () => {
    expect(lengths(HOUR_MS, HOUR_MS, HOUR_MS)).toEqual([HOUR_MS, DAY_MS, 7 * DAY_MS, 7 * DAY_MS])
  })

  it('does not count the time of a block as quiet: who comes back after one that outlasts the reset is not new', () => {
    expect(lengths(HOUR_MS, HOUR_MS, DAY_MS).at(-1)).toBe(7 * DAY_MS)
  })

  it('is begun anew after a quiet time from the end of the last block', () => {
    expect(lengths(HOUR_MS, HOUR_MS, 2 * DAY_MS, HOUR_MS)).toEqual([HOUR_MS, DAY_MS, 7 * DAY_MS, HOUR_MS, DAY_MS])
  })
})
