import { describe, expect, it } from '@jest/globals'
import { idle } from '../../../bench/file-source/log-generator.ts'
import { createDispatcher } from '../../../decoding/dispatch.ts'
import { dialects } from '../../../decoding/registry.ts'
import { readCapturedLines } from '../../../exporter/sources/recording/captured-lines.ts'

describe('the mixed log of the bench', () => {
  it('consists mostly of lines that no dialect wants', () => {
    const { prefilter } = createDispatcher(dialects)
    const captured = readCapturedLines()
    const wanted = idle.flat().filter(number => {
      const line = captured[number - 1] ?? ''
      return prefilter === 'all' || prefilter.some(text => line.includes(text))
    })
    expect(wanted).toEqual([])
  })
})
