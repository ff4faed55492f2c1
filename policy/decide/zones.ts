import type { ResolvedZone } from '../language/resolved.ts'
import { Candidates } from './candidates.ts'
import { type EndView, NO_ZONE, UNCERTAIN } from './end-view.ts'
import { compileConjunction } from './terms.ts'
import { and, FALSE, isUnknown, not, or, TRUE } from './truth.ts'

/** Finds the zone of an end: the first one whose members it is among. */
export function createZoneFinder(zones: readonly ResolvedZone[]): (end: EndView) => void {
  const members = zones.flatMap(({ name, members }, zone) =>
    members.map(terms => {
      if (terms.some(({ kind }) => kind === 'zone')) throw new Error(`the zone ${name} has a zone among its members`)
      return { zone, terms, test: compileConjunction(terms) }
    }),
  )
  const candidates = new Candidates(members.map(({ terms }) => terms))
  /** Whether the members of each zone hold, before the order of zones decides. */
  const holds = new Int32Array(zones.length)

  return end => {
    let first = NO_ZONE
    let isCertain = true
    candidates.find(end)
    for (let list = 0; list < candidates.lists; list++) {
      for (const position of candidates.found[list] as readonly number[]) {
        const { zone, test } = members[position] as (typeof members)[number]
        if (first !== NO_ZONE && zone >= first) break
        const truth = test(end)
        if (truth === TRUE) first = zone
        else if (isUnknown(truth)) {
          if (isCertain) holds.fill(FALSE)
          isCertain = false
          holds[zone] = or(holds[zone] as number, truth)
        }
      }
    }
    if (isCertain) {
      end.zone = first
      return
    }
    if (first !== NO_ZONE) holds[first] = TRUE
    end.zone = settle(end.zones, holds, first)
  }
}

/** @returns the zone where no earlier one may be it, else `UNCERTAIN`, with what is known of each in `zones` */
function settle(zones: Int32Array, holds: Int32Array, first: number): number {
  let none = TRUE
  for (let zone = 0; zone < zones.length; zone++) {
    const truth = first !== NO_ZONE && zone > first ? FALSE : (holds[zone] as number)
    if (truth === TRUE && none === TRUE) return zone
    zones[zone] = and(none, truth)
    none = and(none, not(truth))
  }
  return UNCERTAIN
}
