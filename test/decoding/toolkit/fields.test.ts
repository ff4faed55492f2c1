import { memoryUsage } from 'node:process'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { MAX_LINE_LENGTH, readFields, textOf } from '../../../decoding/toolkit/fields.ts'

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

it('a line is JSON, or an object, if the parser says so', () => {
  const wanted = (line: string) => {
    try {
      const value = JSON.parse(line)
      return typeof value === 'object' && value !== null && !Array.isArray(value) ? 'object' : 'not_an_object'
    } catch {
      return 'not_json'
    }
  }
  const words = fc.constantFrom(
    'true',
    'false',
    'null',
    '[1]',
    '"x"',
    '-1',
    '1',
    '1.5e+3 ',
    ' {}',
    '2026-11-28 x',
    '7 - -',
  )
  const anything = fc.oneof(
    fc.string(),
    fc.json(),
    words,
    fc.tuple(words, fc.string()).map(parts => parts.join('')),
  )
  fc.assert(
    fc.property(anything, line => {
      const fields = readFields(line)
      expect(typeof fields === 'string' ? fields : 'object').toBe(wanted(line))
    }),
  )
})

it('a line that is nested more deeply than any record is none, so that no walk over its value runs out of stack', () => {
  const nestedIn = (levels: number) => `{"a":${'['.repeat(levels)}${'['.repeat(levels)}${']'.repeat(2 * levels)}}`
  for (let levels = 1; 4 * levels + 6 <= MAX_LINE_LENGTH; levels *= 2) {
    const fields = readFields(nestedIn(levels))
    if (typeof fields === 'string') expect(fields).toBe('malformed_record')
    else expect(() => JSON.stringify(fields)).not.toThrow()
  }
  expect(readFields(nestedIn(30_000))).toBe('malformed_record')
  expect(readFields(`{"a":"${'['.repeat(10_000)}"}`)).not.toBe('malformed_record')
})
