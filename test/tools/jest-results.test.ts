import { describe, expect, it } from '@jest/globals'
import { tallyOfJest } from '../../tools/checks/jest-results.ts'

const file = (status: string, ...tests: [fullName: string, status: string][]) => ({
  name: 'a.test.ts',
  status,
  assertionResults: tests.map(([fullName, status]) => ({ fullName, status })),
})

describe('the tally of a jest run', () => {
  it('counts what passed and what failed over all files', () => {
    const testResults = [file('passed', ['a', 'passed'], ['b', 'passed']), file('failed', ['c', 'failed'])]
    expect(tallyOfJest({ testResults })).toEqual({ passed: 2, failed: 1, skips: [] })
  })

  it('counts a file that could not be loaded as a failure', () => {
    const testResults = [file('passed', ['a', 'passed']), file('failed')]
    expect(tallyOfJest({ testResults })).toMatchObject({ passed: 1, failed: 1 })
  })

  it('keeps the reason of a skipped test', () => {
    const name = 'scrape [skipped: prometheus is not installed] counts'
    const testResults = [file('passed', ['a', 'passed'], [name, 'pending'])]
    expect(tallyOfJest({ testResults }).skips).toEqual([{ test: name, reason: 'prometheus is not installed' }])
  })

  it.each(['pending', 'todo'])('counts a %s test without a reason as a failure', status => {
    expect(tallyOfJest({ testResults: [file('passed', ['a', 'passed'], ['b', status])] })).toMatchObject({ failed: 1 })
  })

  it('counts a run that executed no test as a failure', () => {
    expect(tallyOfJest({ testResults: [] })).toEqual({ passed: 0, failed: 1, skips: [] })
  })
})
