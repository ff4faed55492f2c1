import { z } from 'zod'
import { type ProfileName, profileNames } from './profiles.ts'

/** Numbers that are kept, as ranges of which the end is not included, ascending. */
export type Kept = readonly (readonly [from: number, end: number])[]

/**
 * One round, in a few numbers: everything else follows from them, and leaving out connections or actions changes nothing
 * about those that are left.
 */
export interface Case {
  readonly seed: number
  readonly profile: ProfileName
  /** Which of the profile's connections are written. */
  readonly connections: Kept
  /** Which of the actions are done to the exporters and to the index. */
  readonly actions: Kept
  readonly replicas: number
}

const kept = z.array(z.tuple([z.int().min(0), z.int().min(0)]))
const schema = z.strictObject({
  seed: z.int(),
  profile: z.enum(profileNames),
  connections: kept,
  actions: kept,
  replicas: z.int().min(1).max(2),
})

/** @throws ZodError where the text is no case */
export function parseCase(text: string): Case {
  return schema.parse(JSON.parse(text))
}

export function isCase(value: unknown): value is Case {
  return schema.safeParse(value).success
}

export function sizeOf(ranges: Kept): number {
  return ranges.reduce((sum, [from, end]) => sum + end - from, 0)
}

export function isKept(ranges: Kept, number: number): boolean {
  return ranges.some(([from, end]) => number >= from && number < end)
}

export function* numbersOf(ranges: Kept): Iterable<number> {
  for (const [from, end] of ranges) for (let number = from; number < end; number++) yield number
}

/** The kept numbers from the `from`-th up to, not including, the `end`-th of them. */
export function part(ranges: Kept, from: number, end: number): Kept {
  let passed = 0
  const parts: [number, number][] = []
  for (const [first, last] of ranges) {
    const cut: [number, number] = [Math.max(first, first + from - passed), Math.min(last, first + end - passed)]
    if (cut[0] < cut[1]) parts.push(cut)
    passed += last - first
  }
  return parts
}

/** All but the kept numbers from the `from`-th up to, not including, the `end`-th of them. */
export function without(ranges: Kept, from: number, end: number): Kept {
  const joined: [number, number][] = []
  for (const [first, last] of [...part(ranges, 0, from), ...part(ranges, end, sizeOf(ranges))]) {
    const before = joined.at(-1)
    if (before !== undefined && before[1] === first) before[1] = last
    else joined.push([first, last])
  }
  return joined
}
