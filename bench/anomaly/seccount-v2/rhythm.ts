import type { Random } from '../seccount/random.ts'
import { DAY, HOUR } from './calendar.ts'

const { exp } = Math

/** The shape of a day, minute by minute of local time, with a mean of 1. */
export interface Rhythm {
  readonly kind: RhythmKind
  readonly working: Float64Array
  /** Weekends and holidays: later and flatter. */
  readonly free: Float64Array
  /** Minute of a working day with the least activity. */
  readonly quietest: number
}

export const rhythmKinds = ['office', 'shifts', 'evening', 'machines'] as const
export type RhythmKind = (typeof rhythmKinds)[number]

/** A rise and a fall around an hour of the day, each with a width of its own in hours. */
interface Peak {
  readonly hour: number
  readonly rise: number
  readonly fall: number
  readonly weight: number
}

interface Outline {
  /** Activity outside all peaks. */
  readonly floor: number
  readonly peaks: readonly Peak[]
}

/** Draws in the order of the properties as they are written. */
const outlines: Readonly<Record<RhythmKind, (random: Random) => Outline>> = {
  // Two peaks with lunch between them.
  office: random => {
    return {
      floor: 0.03 + 0.25 * random.uniform(),
      peaks: [
        { hour: 9 + 1.5 * random.uniform(), rise: 0.5 + random.uniform(), fall: 1.5, weight: 1 },
        {
          hour: 14 + 1.5 * random.uniform(),
          rise: 1,
          fall: 1 + 2 * random.uniform(),
          weight: 0.6 + 0.5 * random.uniform(),
        },
      ],
    }
  },
  // Around the clock, with a peak at each change of shifts.
  shifts: random => {
    return {
      floor: 0.4 + 0.4 * random.uniform(),
      peaks: [6, 14, 22].map(hour => {
        return {
          hour,
          rise: 0.2 + 0.2 * random.uniform(),
          fall: 0.4 + 0.8 * random.uniform(),
          weight: 0.5 + random.uniform(),
        }
      }),
    }
  },
  // A little at noon, most after work.
  evening: random => {
    return {
      floor: 0.08 + 0.2 * random.uniform(),
      peaks: [
        { hour: 12.5, rise: 2, fall: 2, weight: 0.3 * random.uniform() },
        { hour: 19 + 2.5 * random.uniform(), rise: 2 + 2 * random.uniform(), fall: 1 + random.uniform(), weight: 1 },
      ],
    }
  },
  // Hardly any rhythm.
  machines: random => {
    return {
      floor: 1,
      peaks: [{ hour: 24 * random.uniform(), rise: 3, fall: 3, weight: 0.25 * random.uniform() }],
    }
  },
}

/** Draws in this order: the outline; how many hours later free days are; how flat they are. */
export function drawRhythm(random: Random, kind: RhythmKind): Rhythm {
  const outline = outlines[kind](random)
  const later = 2.5 * random.uniform()
  const flat = 0.3 + 0.4 * random.uniform()
  const working = shapeOf(outline, 0, 0)
  return { kind, working, free: shapeOf(outline, later, flat), quietest: working.indexOf(Math.min(...working)) }
}

function shapeOf({ floor, peaks }: Outline, later: number, flat: number): Float64Array {
  const shape = Float64Array.from({ length: DAY }, (_, minute) =>
    peaks.reduce((sum, peak) => sum + peakAt(peak, minute / HOUR - later), floor),
  )
  const mean = shape.reduce((sum, value) => sum + value, 0) / DAY
  return shape.map(value => (1 - flat) * (value / mean) + flat)
}

function peakAt({ hour, rise, fall, weight }: Peak, at: number): number {
  const distance = ((((at - hour + 12) % 24) + 24) % 24) - 12
  const width = distance < 0 ? rise : fall
  return weight * exp(-0.5 * (distance / width) ** 2)
}
