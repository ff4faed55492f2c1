import { type EpochMs, MINUTE_MS } from '../../core/clock.ts'
import { createConditionCompiler } from '../decide/conditions.ts'
import { EndView } from '../decide/end-view.ts'
import { createNetworkClasses } from '../decide/network-classes.ts'
import { TRUE } from '../decide/truth.ts'
import type { ResolvedPolicy } from '../language/resolved.ts'

/** From `since` on, before `until`. */
export interface TimeRange {
  readonly since: EpochMs
  readonly until: EpochMs
}

/** Times at which some policies answer alike to the same flow. */
export interface TimeSlices {
  /** The ranges of each slice: together all of the window, none twice. */
  readonly ranges: readonly (readonly TimeRange[])[]
  /** The slice of a time within the window. */
  at(time: EpochMs): number
}

/**
 * Divides a window by the conditions on time and weekday of some policies, so that one time of a slice stands for all of
 * it. Conditions change at whole minutes.
 */
export function createTimeSlices(policies: readonly ResolvedPolicy[], { since, until }: TimeRange): TimeSlices {
  const tests = policies.flatMap(timeTestsOf)
  if (tests.length === 0) return { ranges: [[{ since, until }]], at: () => 0 }
  const slices = new Map<string, TimeRange[]>()
  const starts: EpochMs[] = []
  const numbers: number[] = []
  let last: string | undefined
  for (let minute = Math.floor(since / MINUTE_MS) * MINUTE_MS; minute < until; minute += MINUTE_MS) {
    const key = tests.map(test => (test(minute) ? '1' : '0')).join('')
    const start = Math.max(since, minute)
    const end = Math.min(until, minute + MINUTE_MS)
    const ranges = slices.get(key) ?? []
    slices.set(key, ranges)
    const before = ranges.at(-1)
    if (key === last && before !== undefined) {
      ranges[ranges.length - 1] = { since: before.since, until: end }
      continue
    }
    last = key
    ranges.push({ since: start, until: end })
    starts.push(start)
    numbers.push([...slices.keys()].indexOf(key))
  }
  return { ranges: [...slices.values()], at: time => numbers[lastAtMost(starts, time)] ?? 0 }
}

type TimeTest = (time: EpochMs) => boolean

/** One for each distinct condition on time of a policy. */
function timeTestsOf({ rules, timeZone }: ResolvedPolicy): readonly TimeTest[] {
  const compile = createConditionCompiler(timeZone)
  const nowhere = new EndView('source', 0, createNetworkClasses([]))
  const distinct = new Map<string, TimeTest>()
  for (const { conditions } of rules) {
    for (const condition of conditions) {
      if (condition.kind !== 'time' && condition.kind !== 'weekday') continue
      const { at: _place, ...meaning } = condition
      const key = JSON.stringify(meaning)
      if (distinct.has(key)) continue
      const test = compile([condition])
      distinct.set(key, time => test({ source: {}, destination: {}, time }, nowhere) === TRUE)
    }
  }
  return [...distinct.values()]
}

/** The position of the last of some ascending numbers that is not above a value; 0 where all are. */
function lastAtMost(ascending: readonly number[], value: number): number {
  let low = 0
  let high = ascending.length - 1
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if ((ascending[middle] as number) <= value) low = middle
    else high = middle - 1
  }
  return low
}
