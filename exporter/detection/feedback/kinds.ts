import type { Explanation } from '../model/series/score-result.ts'
import type { AnomalyView } from '../model/series/views.ts'

/** In which way a minute is anomalous: too much, too little, or a first-seen entity. */
export type Kind = 'volume' | 'silence' | 'first_seen'

/** Largest surprise (raw) of each kind. */
export type SurpriseByKind = Partial<Record<Kind, number>>

const KINDS: Partial<Record<AnomalyView, Kind>> = {
  silence: 'silence',
  shortfall: 'silence',
  first_seen: 'first_seen',
}

/** By the view with the largest part in raw. */
export function kindOf({ contributions }: Explanation): Kind {
  const all = Object.entries(contributions) as [AnomalyView, number][]
  const [strongest] = all.reduce((largest, one) => (one[1] > largest[1] ? one : largest))
  return KINDS[strongest] ?? 'volume'
}

/** Both together: of each kind the larger. */
export function largestOf(one: SurpriseByKind, other: SurpriseByKind): SurpriseByKind {
  const all = { ...one }
  for (const [kind, raw] of Object.entries(other) as [Kind, number][]) all[kind] = Math.max(all[kind] ?? 0, raw)
  return all
}
