import { memoryUsage } from 'node:process'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from '@jest/globals'
import { textOf } from '../../../decoding/toolkit/fields.ts'

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
