import { existsSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { missing } from '../../tools/panel/missing.ts'
import { packageFolders } from '../../tools/panel/steps.ts'
import { root } from '../structure/source-files.ts'

describe("a step of the panel's check that lacks something outside the clone", () => {
  let ci: string | undefined
  beforeEach(() => {
    ci = process.env.CI
  })
  afterEach(() => {
    if (ci === undefined) delete process.env.CI
    else process.env.CI = ci
  })

  it('is a skip with its reason', () => {
    delete process.env.CI
    const { tally } = missing('browser', 'chromium not installed')
    expect(tally).toMatchObject({ passed: 0, failed: 0 })
    expect(tally.skips).toEqual([
      { test: "the panel's browser [skipped: chromium not installed]", reason: 'chromium not installed' },
    ])
  })

  it('is a failure with CI=true', () => {
    process.env.CI = 'true'
    expect(missing('browser', 'chromium not installed').tally).toEqual({ passed: 0, failed: 1, skips: [] })
  })
})

it("the panel's packages are named by lockfiles of its own", () => {
  expect(packageFolders.filter(folder => !existsSync(`${root}${folder}/package-lock.json`))).toEqual([])
})
