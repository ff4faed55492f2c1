import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { DAY_MS } from '../../../../core/clock.ts'
import { type Observed, observedInAll, withSignIn } from '../../../../exporter/pipeline/identities/observation.ts'
import { Observations } from '../../../../exporter/pipeline/identities/observations.ts'

const GAP = 3 * DAY_MS
const days = fc.array(
  fc.integer({ min: 0, max: 60 }).map(day => day * DAY_MS),
  { minLength: 1, maxLength: 40 },
)
const observedBy = (times: readonly number[]): Observed | undefined =>
  times.reduce<Observed | undefined>((observed, time) => withSignIn(observed, time, GAP), undefined)

describe('the time in which sign-ins were logged', () => {
  it('has no gap, in whatever order they are read', () => {
    fc.assert(
      fc.property(days, times => {
        const { since, until } = observedBy(times) as Observed
        const within = [...new Set(times)].filter(time => time >= since && time <= until).sort((a, b) => a - b)
        expect([within[0], within.at(-1)]).toEqual([since, until])
        for (const [index, time] of within.entries())
          expect(time - (within[index - 1] ?? time)).toBeLessThanOrEqual(GAP)
      }),
    )
  })

  it('ends with the newest one', () => {
    fc.assert(fc.property(days, times => expect(observedBy(times)?.until).toBe(Math.max(...times))))
  })

  it('of several realms is that in which all were logged', () => {
    expect(observedInAll([])).toBeUndefined()
    expect(
      observedInAll([
        { since: 1, until: 9 },
        { since: 3, until: 12 },
      ]),
    ).toEqual({ since: 3, until: 9 })
  })

  it('is known for each realm, and for all of a gateway where the realm is not known', () => {
    const held = new Observations(GAP)
    const signIn = (realm: string, time: number) => held.see({ gateway: 'kc', kind: 'client', realm }, time)
    signIn('one', 0)
    signIn('one', DAY_MS)
    signIn('two', DAY_MS)
    signIn('two', 2 * DAY_MS)
    expect(held.of({ gateway: 'kc', kind: 'client', realm: 'one' })).toEqual({ since: 0, until: DAY_MS })
    expect(held.of({ gateway: 'kc', kind: 'client' })).toEqual({ since: DAY_MS, until: DAY_MS })
    expect(held.of({ gateway: 'kc', kind: 'user' })).toBeUndefined()
    expect(held.of({ gateway: 'k', kind: 'client' })).toBeUndefined()
  })

  it('is the same after a restart', () => {
    const held = new Observations(GAP)
    held.see({ gateway: 'kc', kind: 'client', realm: 'one' }, DAY_MS)
    const restored = new Observations(GAP)
    restored.restore(held.changes().map(({ name, value }) => ({ name, value: value as never })))
    expect(restored.of({ gateway: 'kc', kind: 'client', realm: 'one' })).toEqual({ since: DAY_MS, until: DAY_MS })
    expect(restored.changes()).toEqual([])
  })
})
