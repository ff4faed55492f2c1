import { describe, expect, it } from '@jest/globals'
import { DAY_MS, HOUR_MS } from '../../../../core/clock.ts'
import type { BlockStep } from '../../../../remediation/domain/playbook.ts'
import { blockLength, nextOffences, noOffences, type Offences } from '../../../../remediation/steps/block/escalation.ts'

const step: BlockStep = { type: 'block', ladder: [HOUR_MS, DAY_MS, 7 * DAY_MS], resetAfter: 2 * DAY_MS }

/** The lengths of blocks of one address that begin again so long after the end of the one before. */
function lengths(...pauses: number[]): number[] {
  let now = 1_000_000_000
  let offences: Offences = noOffences
  return [0, ...pauses].map(pause => {
    now += pause
    const length = blockLength(step, offences, now)
    offences = nextOffences(step, offences, now, length)
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
