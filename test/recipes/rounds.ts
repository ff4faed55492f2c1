import type { Failure, Place } from './recipe.ts'

/** A place of the recipe that adds a member. */
export interface PlaceOf {
  readonly member: string
  readonly place: Place
}

/** Places in as few rounds as possible: those of one round are left out together, and none hides another. */
export function roundsOf<P extends PlaceOf>(places: readonly P[]): readonly (readonly P[])[] {
  const rounds: P[][] = []
  // Those that clash with many are put where there is room left.
  const ordered = places.toSorted((a, b) => Number(a.place.isDecisive ?? false) - Number(b.place.isDecisive ?? false))
  for (const place of ordered) {
    const round = rounds.find(others => !others.some(other => clash(place, other)))
    if (round === undefined) rounds.push([place])
    else round.push(place)
  }
  return rounds
}

function clash({ member, place }: PlaceOf, { member: otherMember, place: other }: PlaceOf): boolean {
  if (isLoadedByMany(place) || isLoadedByMany(other)) return true
  // A page that is not generated lacks all members.
  if (staleFile(place) !== undefined && staleFile(place) === staleFile(other)) return false
  if (place.fails.some(one => other.fails.some(another => isSameTest(one, another)))) return true
  return member === otherMember && (place.isDecisive === true || other.isDecisive === true)
}

function staleFile({ omits: [omission] }: Place): string | undefined {
  return omission !== undefined && 'stale' in omission ? omission.stale : undefined
}

/** Where one file of tests cannot be loaded, others may not be. */
const isLoadedByMany = ({ fails }: Place) => fails.some(failure => 'test' in failure && failure.test === null)

const isSameTest = (a: Failure, b: Failure) => 'test' in a && 'test' in b && a.check === b.check && a.test === b.test
