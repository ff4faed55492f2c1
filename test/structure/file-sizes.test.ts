import { expect, it } from '@jest/globals'
import { isSource, read, repositoryFiles } from './source-files.ts'

const MAX_LINES = 400

it('has no source file or test that is longer than 400 lines', () => {
  const sizes = repositoryFiles()
    .filter(isSource)
    .map(path => ({ path, lines: read(path).split('\n').length - 1 }))
  expect(sizes.filter(({ lines }) => lines > MAX_LINES)).toEqual([])
})
