import { type EpochMs, MINUTE_MS } from '../../core/clock.ts'

/** When a series had samples. */
export interface Life {
  readonly first: EpochMs
  readonly last: EpochMs
}

export interface Member extends Life {
  readonly total: number
}

/** While a target is replaced, the old one and the new one may both be scraped. */
const HANDOVER_MS = 15 * MINUTE_MS

/**
 * Of series that count the same events, those that count each event once: replicas that are scraped at the same time expose
 * the same events, so that only one of them counts; a target that was replaced and its successor expose different ones.
 * Gives the indices of the members of the succession with the greatest sum, in the order of time.
 */
export function greatestSuccession(members: readonly Member[]): readonly number[] {
  const order = members.map((_, index) => index).sort((one, other) => ends(members, one) - ends(members, other))
  // The best succession that ends with each member, by its sum and the member before.
  const best = new Map<number, { readonly sum: number; readonly before: number | undefined }>()
  for (const index of order) {
    const { first, total } = members[index] as Member
    let [sum, before] = [total, undefined as number | undefined]
    for (const [earlier, found] of best) {
      const isOver = ends(members, earlier) <= first + HANDOVER_MS && startsBefore(members, earlier, index)
      if (isOver && found.sum + total > sum) [sum, before] = [found.sum + total, earlier]
    }
    best.set(index, { sum, before })
  }
  let at: number | undefined
  for (const [index, { sum }] of best) if (at === undefined || sum > (best.get(at)?.sum ?? 0)) at = index
  const chosen: number[] = []
  for (; at !== undefined; at = best.get(at)?.before) chosen.unshift(at)
  return chosen
}

const ends = (members: readonly Member[], index: number): EpochMs => (members[index] as Member).last

const startsBefore = (members: readonly Member[], one: number, other: number): boolean =>
  (members[one] as Member).first < (members[other] as Member).first
