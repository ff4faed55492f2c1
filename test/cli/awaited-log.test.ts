import { expect, it } from '@jest/globals'
import { logAppears } from '../../cli/awaited-log.ts'

/** The results of looks, one after the other; the last look ends the wait. */
function looks(results: readonly (boolean | 'unreadable')[]) {
  const ending = new AbortController()
  const left = [...results]
  const appears = logAppears(
    {
      isThere: async () => {
        const result = left.shift()
        if (result === 'unreadable') throw new Error('EACCES')
        return result === true
      },
      pause: async () => {
        if (left.length === 0) ending.abort()
      },
    },
    ending.signal,
  )
  return { appears, left }
}

it('a log is awaited until it is there, and not looked for again', async () => {
  const { appears, left } = looks([false, false, true, false])
  expect(await appears).toBe(true)
  expect(left).toEqual([false])
})

it('a place that cannot be read for a moment is looked at again', async () => {
  expect(await looks(['unreadable', true]).appears).toBe(true)
})

it('the wait ends with the service', async () => {
  expect(await looks([false]).appears).toBe(false)
  expect(await logAppears({ isThere: async () => true }, AbortSignal.abort())).toBe(false)
})
