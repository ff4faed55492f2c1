import fc from 'fast-check'
import { type Case, isCase, type Kept, part, sizeOf, without } from './case.ts'
import { type ProfileName, profileOf } from './profiles.ts'
import { between, randomOf } from './random.ts'
import { actionCount } from './schedule.ts'

/** Least pieces that are tried to be left out of a list: smaller ones are tried where larger ones are needed. */
const MAX_PIECES = 16

/** The case of a seed, with all that its profile gives it. */
export function caseOf(seed: number, profile: ProfileName): Case {
  const round = { seed, profile, replicas: 2 }
  const connections = between(randomOf(seed, 9), profileOf(profile).connections)
  return { ...round, connections: [[0, connections]], actions: [[0, actionCount(round)]] }
}

/** Cases of some profiles; a failing one is made smaller by leaving out actions, an exporter and connections. */
export class CaseArbitrary extends fc.Arbitrary<Case> {
  readonly #profiles: readonly ProfileName[]

  constructor(profiles: readonly ProfileName[]) {
    super()
    this.#profiles = profiles
  }

  generate(random: fc.Random): fc.Value<Case> {
    const profile = this.#profiles[random.nextInt(0, this.#profiles.length - 1)] as ProfileName
    return new fc.Value(caseOf(random.nextInt(0, 2 ** 30), profile), undefined)
  }

  canShrinkWithoutContext(value: unknown): value is Case {
    return isCase(value)
  }

  shrink(round: Case): fc.Stream<fc.Value<Case>> {
    return fc.stream(smaller(round)).map(one => new fc.Value(one, undefined))
  }
}

/** Cases with less in them, those with least first. */
export function* smaller(round: Case): IterableIterator<Case> {
  for (const connections of [...beginnings(round.connections), ...halves(round.connections)]) {
    yield { ...round, connections }
  }
  if (sizeOf(round.actions) > 0) yield { ...round, actions: [] }
  if (round.replicas > 1) yield { ...round, replicas: 1 }
  for (const actions of halves(round.actions)) yield { ...round, actions }
  for (const connections of pieces(round.connections)) yield { ...round, connections }
  for (const actions of pieces(round.actions)) yield { ...round, actions }
}

/** Small parts that stand for the whole where a fault is everywhere. */
function beginnings(ranges: Kept): readonly Kept[] {
  const size = sizeOf(ranges)
  return [64, 16].filter(share => size >= 2 * share).map(share => part(ranges, 0, Math.floor(size / share)))
}

/** The first and the second half. */
function halves(ranges: Kept): readonly Kept[] {
  const size = sizeOf(ranges)
  const half = Math.ceil(size / 2)
  return size < 2 ? [] : [part(ranges, 0, half), part(ranges, half, size)]
}

/** All but a quarter, all but an eighth, and so on down to one. */
function* pieces(ranges: Kept): Iterable<Kept> {
  const size = sizeOf(ranges)
  for (let count = 4; count <= MAX_PIECES && count <= size; count *= 2) {
    for (let piece = 0; piece < count; piece++) {
      yield without(ranges, Math.floor((size * piece) / count), Math.floor((size * (piece + 1)) / count))
    }
  }
  if (size > 1 && size < 4) for (let one = 0; one < size; one++) yield without(ranges, one, one + 1)
}
