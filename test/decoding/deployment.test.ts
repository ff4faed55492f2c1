import { describe, expect, it } from '@jest/globals'
import { dialects } from '../../decoding/registry.ts'
import { deployment } from './deployment.ts'
import { deploymentByHand } from './deployment-by-hand.ts'

it('no count by hand is left of a dialect that is gone', () => {
  const known = dialects.map(({ name }) => name)
  expect(Object.keys(deploymentByHand).filter(name => !known.includes(name))).toEqual([])
})

describe.each(deployment)('dialect $dialect', ({ dialect, documents }) => {
  it('has its count by hand in test/decoding/deployment-by-hand.ts, of as many records as its fixtures have', () => {
    expect([dialect, deploymentByHand[dialect]?.records]).toEqual([dialect, documents.length])
  })
})
