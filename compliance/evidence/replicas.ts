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
  const order = [...members.entries()].sort(([, one], [, other]) => one.last - other.last || one.first - other.first)
  // The best succession that ends with each member: its sum, and the place of the member before.
  const best: { readonly sum: number; readonly before: number | undefined }[] = []
  for (const [place, [, member]] of order.entries()) {
    let found: (typeof best)[number] = { sum: member.total, before: undefined }
    for (const [earlier, { sum }] of best.entries()) {
      if (sum + member.total <= found.sum || !isReplaced((order[earlier] as (typeof order)[number])[1], member))
        continue
      found = { sum: sum + member.total, before: earlier }
    }
    best[place] = found
  }
  const most = best.reduce((most, { sum }) => Math.max(most, sum), Number.NEGATIVE_INFINITY)
  const chosen: number[] = []
  let at: number | undefined = best.findIndex(({ sum }) => sum === most)
  for (; at !== undefined && at >= 0; at = best[at]?.before) chosen.unshift((order[at] as (typeof order)[number])[0])
  return chosen
}

/** Whether one was over when the other began. What both have in common is less than half of either. */
export function isReplaced(one: Life, other: Life): boolean {
  const shorter = Math.min(one.last - one.first, other.last - other.first)
  return one.first < other.first && one.last <= other.first + Math.min(HANDOVER_MS, shorter / 2)
}
