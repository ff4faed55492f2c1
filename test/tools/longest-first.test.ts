import { existsSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import LongestFirst, { longest } from '../longest-first.ts'
import { root } from '../structure/source-files.ts'

describe('the order of the slow test files', () => {
  it('names files that exist', () => {
    expect(longest.filter(name => !existsSync(`${root}test/${name}.test.ts`))).toEqual([])
  })

  it('has the longest first, then the others by name, and loses none', () => {
    const files = ['page/page', 'state/kill', 'nginx', 'elasticsearch/kill'].map(name => ({
      path: `${root}test/stack/${name}.test.ts`,
    }))
    const sorted = new LongestFirst().sort(files).map(({ path }) => path.slice(`${root}test/stack/`.length))
    expect(sorted).toEqual(['elasticsearch/kill', 'state/kill', 'nginx', 'page/page'].map(name => `${name}.test.ts`))
  })
})
