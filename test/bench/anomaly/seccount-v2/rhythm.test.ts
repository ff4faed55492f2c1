import { expect, it } from '@jest/globals'
import { Random } from '../../../../bench/anomaly/seccount/random.ts'
import { drawRhythm, rhythmKinds } from '../../../../bench/anomaly/seccount-v2/rhythm.ts'

it.each(rhythmKinds)('a day of %s has a mean of 1, and is flatter where people are off', kind => {
  for (let seed = 0; seed < 20; seed++) {
    const { working, free, quietest } = drawRhythm(new Random(seed), kind)
    for (const shape of [working, free]) {
      expect(shape.reduce((a, b) => a + b, 0) / shape.length).toBeCloseTo(1)
      expect(Math.min(...shape)).toBeGreaterThan(0)
    }
    expect(Math.max(...free)).toBeLessThan(Math.max(...working))
    expect(working[quietest]).toBe(Math.min(...working))
  }
})

it('an office has a lunch break between two peaks', () => {
  const { working } = drawRhythm(new Random(4), 'office')
  const [morning, lunch, afternoon] = [10, 12.5, 14.5].map(hour => working[hour * 60] as number)
  expect(lunch).toBeLessThan(morning as number)
  expect(lunch).toBeLessThan(afternoon as number)
})
