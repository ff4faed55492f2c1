import { expect, it } from '@jest/globals'
import { isSource, isTest, read, repositoryFiles } from './source-files.ts'

const LONGEST = 400
const MEDIAN = 100
const P90 = 250

const sizes = repositoryFiles()
  .filter(isSource)
  .map(path => ({ path, lines: read(path).split('\n').length - 1 }))

it('has no source file or test that is longer than 400 lines', () => {
  expect(sizes.filter(({ lines }) => lines > LONGEST)).toEqual([])
})

it('keeps the median of the source files at 100 lines and their ninetieth percentile at 250', () => {
  const lines = sizes
    .filter(({ path }) => !isTest(path))
    .map(size => size.lines)
    .sort((a, b) => a - b)
  const quantile = (q: number) => lines[Math.floor(q * (lines.length - 1))] ?? 0
  process.stderr.write(
    `${lines.length} source files: median ${quantile(0.5)} lines, 90th percentile ${quantile(0.9)}\n`,
  )
  expect(quantile(0.5)).toBeLessThanOrEqual(MEDIAN)
  expect(quantile(0.9)).toBeLessThanOrEqual(P90)
})
