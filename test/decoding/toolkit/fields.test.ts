import { memoryUsage } from 'node:process'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { readFields, textOf } from '../../../decoding/toolkit/fields.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

it('a text that is cut does not keep the whole of it in memory', () => {
  const length = 100_000
  const texts = Array.from({ length: 1_000 }, (_, n) =>
    textOf(JSON.parse(JSON.stringify(String(n).padEnd(length, 'x')))),
  )
  expect(texts.every(text => text?.length === 256)).toBe(true)
  collect()
  const held = memoryUsage().heapUsed
  texts.length = 0
  collect()
  expect(held - memoryUsage().heapUsed).toBeLessThan((1_000 * length) / 2)
})

it('a line is JSON if the parser of the language says so, however it begins', () => {
  const text = fc.oneof(
    fc.json(),
    fc.string(),
    fc.stringMatching(/^[\d:/.eE+-]{1,12}$/),
    fc.stringMatching(/^(?:true|false|null|kern|Nov) {0,2}[a-z:,]{0,4}$/),
  )
  fc.assert(
    fc.property(text, line => {
      let value: unknown
      try {
        value = JSON.parse(line)
      } catch {
        value = undefined
      }
      const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
      expect(readFields(line)).toEqual(value === undefined ? 'not_json' : isObject ? value : 'not_an_object')
    }),
    { numRuns: 2_000 },
  )
})
