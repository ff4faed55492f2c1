import { describe, expect, it } from '@jest/globals'
import { report } from '../../tools/checks/report.ts'
import { type Tally, tallyOfExit } from '../../tools/checks/tally.ts'

const types = { kind: 'command', name: 'types', args: [], limitMinutes: 1 } as const
const stack = { kind: 'jest', name: 'stack', args: [], limitMinutes: 1 } as const
const skips = [{ test: 'scrape [skipped: no prometheus]', reason: 'no prometheus' }]
const ran: Tally = { passed: 4, failed: 1, skips }

const lines = (text: string) => text.trimEnd().split('\n')

describe('the report at the end of a run', () => {
  it('ends with the sum of all checks alone on a line', () => {
    const outcomes = [
      { check: types, tally: tallyOfExit(true), seconds: 2, overran: false },
      { check: stack, tally: ran, seconds: 3, overran: false },
    ]
    expect(lines(report(outcomes)).at(-1)).toBe('5 passed, 1 failed, 1 skipped')
  })

  it('names no skipped tests where there are none', () => {
    expect(lines(report([{ check: types, tally: tallyOfExit(true), seconds: 2, overran: false }])).at(-1)).toBe(
      '1 passed, 0 failed',
    )
  })

  it('lists each skipped test with its reason before', () => {
    expect(report([{ check: stack, tally: ran, seconds: 3, overran: false }])).toContain(
      'skipped: scrape [skipped: no prometheus]\n',
    )
  })

  it('gives the duration of each check and says which took longer than it may', () => {
    const text = report([
      { check: types, tally: tallyOfExit(true), seconds: 61.04, overran: false },
      { check: stack, tally: tallyOfExit(false), seconds: 120, overran: true },
    ])
    expect(lines(text)).toContain('types            61.0 s  1 passed, 0 failed  slower than its 1 minutes')
    expect(lines(text)).toContain('stack           120.0 s  0 passed, 1 failed  ended: it ran over its limit')
  })
})
