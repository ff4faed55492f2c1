import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { Turns } from '../../../service/event-loop/turns.ts'

describe('work that is cut into turns', () => {
  it('has a turn of the event loop after each piece, and pieces no longer than one step beyond their length', async () => {
    const steps = fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 50 })
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: 30 }), async (costs, length) => {
        const pieces: number[] = []
        let piece = 0
        const turns = new Turns(length, async () => {
          pieces.push(piece)
          piece = 0
        })
        for (const cost of costs) {
          piece += cost
          if (turns.spend(cost)) await turns.next()
        }
        expect(piece).toBeLessThan(length)
        for (const one of pieces) {
          expect(one).toBeGreaterThanOrEqual(length)
          expect(one).toBeLessThan(length + 20)
        }
      }),
    )
  })

  it('lets what waits for the event loop go first', async () => {
    const turns = new Turns(1)
    const order: string[] = []
    setImmediate(() => order.push('other'))
    if (turns.spend()) await turns.next()
    order.push('work')
    expect(order).toEqual(['other', 'work'])
  })
})
