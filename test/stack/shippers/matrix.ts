import { expect, it } from '@jest/globals'
import type { Order } from './orders.ts'
import { type Ground, type Outcome, withTrial } from './trial.ts'

/** So many trials are under way at once: they mostly wait. */
const LANES = 12
const TIMEOUT_MS = 400_000

/** What the outcome must be: each line is one document. */
export const exact = ({ lines }: Outcome): Outcome => ({ lines, documents: lines, missing: [] })

/** Declares one test for each order. Their trials run beside each other from the first test on. */
export function itStoresEachLineOnce(ground: () => Ground, orders: readonly Order[]): void {
  let outcomes: ReadonlyMap<string, Promise<Outcome>> | undefined

  it.each(orders)(
    'stores each line once where $name',
    async ({ name }) => {
      outcomes ??= startAll(ground(), orders)
      const outcome = (await outcomes.get(name)) ?? never(name)
      expect(outcome).toEqual(exact(outcome))
    },
    TIMEOUT_MS,
  )
}

function startAll(ground: Ground, orders: readonly Order[]): ReadonlyMap<string, Promise<Outcome>> {
  const lanes = Array.from({ length: LANES }, () => Promise.resolve<unknown>(undefined))
  return new Map(
    orders.map(({ name, steps }, number) => {
      const lane = number % LANES
      const outcome = (lanes[lane] ?? Promise.resolve()).then(() =>
        withTrial(ground, async trial => {
          await trial.take(...steps, 'TERM')
          return trial.outcome()
        }),
      )
      // The next one of the lane begins whatever comes of this one, whose test says what was wrong.
      lanes[lane] = outcome.catch(() => undefined)
      return [name, outcome]
    }),
  )
}

function never(name: string): never {
  throw new Error(`there is no trial ${name}`)
}
