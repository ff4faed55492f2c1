import { expect, it } from '@jest/globals'
import { SerialQueue } from '../../../core/collections/serial-queue.ts'

it('runs one piece of work after the other, also after one that fails', async () => {
  const queue = new SerialQueue()
  const seen: string[] = []
  const gate = Promise.withResolvers<void>()
  const first = queue.run(async () => {
    await gate.promise
    seen.push('first')
    throw new Error('first failed')
  })
  const second = queue.run(async () => seen.push('second'))
  await Promise.resolve()
  expect(seen).toEqual([])
  gate.resolve()
  await expect(first).rejects.toThrow('first failed')
  expect(await second).toBe(2)
  expect(seen).toEqual(['first', 'second'])
})
