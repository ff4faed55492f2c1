import { describe, expect, it } from '@jest/globals'
import { askedOnce } from '../../../compliance/evidence/asked-once.ts'
import type { DocumentStore } from '../../../compliance/evidence/stores.ts'
import { simulatedPrometheus } from './simulated-prometheus.ts'

const signal = new AbortController().signal

describe('stores that are asked each question once', () => {
  it('give the same answer again, to the same question only', async () => {
    const inner = simulatedPrometheus([{ labels: { __name__: 'up' }, samples: [[0, 1]] }])
    const { prometheus } = askedOnce({ prometheus: inner })
    const first = await Promise.all([prometheus?.instant('up', 0, signal), prometheus?.instant('up', 0, signal)])
    expect(first[0]).toBe(first[1])
    await prometheus?.instant('up', 1, signal)
    await prometheus?.range('up', { start: 0, end: 1, step: 1 }, signal)
    await prometheus?.range('up', { start: 0, end: 1, step: 1 }, signal)
    expect(inner.asked).toHaveLength(3)
    expect(prometheus?.alertRules).toBeUndefined()
  })

  it('ask again after a failure', async () => {
    let asked = 0
    const failing: DocumentStore = {
      address: 'x',
      async search() {
        asked++
        if (asked === 1) throw new Error('once')
        return null
      },
    }
    const { elasticsearch } = askedOnce({ elasticsearch: failing })
    await expect(elasticsearch?.search('a', {}, signal)).rejects.toThrow('once')
    expect(await elasticsearch?.search('a', {}, signal)).toBeNull()
    expect(asked).toBe(2)
  })
})
