import { expect, it } from '@jest/globals'
import { stepKinds } from '../../remediation/steps/registry.ts'
import { read } from '../structure/source-files.ts'

it.each(Object.keys(stepKinds))('docs/remediation.md has a row for the step %s', type => {
  expect(read('docs/remediation.md')).toContain(`\n| \`${type}\` |`)
})
