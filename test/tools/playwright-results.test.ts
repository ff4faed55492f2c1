import { describe, expect, it } from '@jest/globals'
import { tallyOfPlaywright } from '../../tools/checks/playwright-results.ts'

type Status = 'expected' | 'unexpected' | 'flaky' | 'skipped'

const spec = (title: string, status: Status, ...annotations: { type: string; description?: string }[]) => ({
  title,
  tests: [{ projectName: 'Grafana 12', status, annotations }],
})
const results = (...specs: ReturnType<typeof spec>[]) => ({
  suites: [{ specs: specs.slice(0, 1), suites: [{ specs: specs.slice(1) }] }],
  errors: [],
})

describe('the tally of a run of Playwright', () => {
  it('counts every spec of every suite', () => {
    const run = results(spec('a', 'expected'), spec('b', 'expected'), spec('c', 'unexpected'))
    expect(tallyOfPlaywright(run)).toEqual({ passed: 2, failed: 1, skips: [] })
  })

  it('counts a spec once in each project', () => {
    const twice = {
      ...spec('a', 'expected'),
      tests: [...spec('a', 'expected').tests, ...spec('a', 'unexpected').tests],
    }
    expect(tallyOfPlaywright(results(twice))).toMatchObject({ passed: 1, failed: 1 })
  })

  it('counts a spec that passed at a second try as a failure', () => {
    expect(tallyOfPlaywright(results(spec('a', 'flaky')))).toMatchObject({ passed: 0, failed: 1 })
  })

  it('keeps the reason of a skipped spec, and counts one without as a failure', () => {
    const skipped = spec('a', 'skipped', { type: 'skip', description: 'no Grafana' })
    expect(tallyOfPlaywright(results(spec('b', 'expected'), skipped))).toEqual({
      passed: 1,
      failed: 0,
      skips: [{ test: 'a, Grafana 12 [skipped: no Grafana]', reason: 'no Grafana' }],
    })
    expect(tallyOfPlaywright(results(spec('a', 'skipped', { type: 'skip' })))).toMatchObject({ failed: 1 })
  })

  it('counts errors outside the specs, and a run of none, as failures', () => {
    expect(tallyOfPlaywright({ suites: [], errors: [{ message: 'no such file' }] })).toMatchObject({ failed: 1 })
    expect(tallyOfPlaywright({ suites: [], errors: [] })).toMatchObject({ passed: 0, failed: 1 })
  })
})
