import { anomalyConstants } from '../constants.ts'
import { positiveModulo } from '../time.ts'
import { DAY_MINUTES } from './calendar.ts'
import { type Job, sumAround } from './job.ts'

const { foundFrom, widths, foundPerDay } = anomalyConstants.jobs
/** What is found is at least this part of what the minutes bring without it, and so many events. */
const LEAST_PART = 0.7
const LEAST_EVENTS = 0.3
/** Minutes around a job that belong to it. */
const MARGIN = 3

/** Excess by the minute of the day, of two halves of the days. */
export interface ExcessMemories {
  readonly even: Float64Array
  readonly odd: Float64Array
}

/**
 * Jobs in what came back on days of both halves: one attack is in one of the memories only. The most significant piece
 * first, where it lies outside of the jobs that are known.
 * @param base expected without jobs @param dispersion φ of single minutes
 */
export function findJobs(
  { even, odd }: ExcessMemories,
  base: Float64Array,
  dispersion: number,
  known: readonly Job[],
  most: number,
): Job[] {
  const taken = new Uint8Array(DAY_MINUTES)
  const take = (from: number, to: number) => {
    for (let minute = from; minute < to; minute++) taken[positiveModulo(minute, DAY_MINUTES)] = 1
  }
  for (const job of known) {
    const margin = Math.round(Math.sqrt(job.spread) + 2)
    take(Math.round(job.at) - margin, Math.ceil(job.at + job.minutes) + margin)
  }
  // Nothing is known of what usually comes in a minute that was not observed.
  base.forEach((usual, minute) => {
    if (usual === 0) taken[minute] = 1
  })
  const found: Job[] = []
  while (found.length < Math.min(foundPerDay, most)) {
    const piece = mostSignificant({ even, odd }, base, dispersion, taken)
    if (piece === undefined) break
    const { at, minutes } = piece
    const events = (sumAround(even, at, minutes) + sumAround(odd, at, minutes)) / 2
    found.push({ at, drift: 0, spread: 4, minutes, events, variation: 0.2, chance: 0.8, came: 2, missed: 0 })
    take(at - MARGIN, at + minutes + MARGIN)
  }
  return found
}

function mostSignificant({ even, odd }: ExcessMemories, base: Float64Array, dispersion: number, taken: Uint8Array) {
  let best: { readonly at: number; readonly minutes: number } | undefined
  let most: number = foundFrom
  for (const minutes of widths) {
    let evens = 0
    let odds = 0
    let usual = 0
    let overlap = 0
    const move = (minute: number, by: 1 | -1) => {
      evens += by * (even[minute] as number)
      odds += by * (odd[minute] as number)
      usual += by * (base[minute] as number)
      overlap += by * (taken[minute] as number)
    }
    for (let end = 0; end < DAY_MINUTES + minutes - 1; end++) {
      move(end % DAY_MINUTES, 1)
      if (end >= minutes) move(end - minutes, -1)
      if (end < minutes - 1 || overlap > 0) continue
      const excess = Math.min(evens, odds)
      if (excess <= LEAST_PART * usual + LEAST_EVENTS) continue
      const deviations = excess / Math.sqrt(usual + (dispersion * usual * usual) / minutes + 0.05)
      if (deviations <= most) continue
      most = deviations
      best = { at: (end - minutes + 1) % DAY_MINUTES, minutes }
    }
  }
  return best
}
