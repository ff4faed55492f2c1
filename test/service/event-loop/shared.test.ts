import { describe, expect, it } from '@jest/globals'
import { shared } from '../../../service/event-loop/shared.ts'

describe('shared work', () => {
  it('is done once for all who ask while it is under way, and anew for who asks later', async () => {
    const begun: PromiseWithResolvers<number>[] = []
    const ask = shared(() => {
      const one = Promise.withResolvers<number>()
      begun.push(one)
      return one.promise
    })
    const first = [ask(), ask(), ask()]
    expect(begun).toHaveLength(1)
    begun[0]?.resolve(1)
    expect(await Promise.all(first)).toEqual([1, 1, 1])
    const later = ask()
    begun[1]?.resolve(2)
    expect(await later).toBe(2)
  })

  it('fails for all who asked, and is tried again', async () => {
    let tries = 0
    const ask = shared(async () => {
      tries += 1
      if (tries === 1) throw new Error('once')
      return tries
    })
    const answers = await Promise.allSettled([ask(), ask()])
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(await ask()).toBe(2)
  })
})
