import { type EpochMs, HOUR_MS } from '../../../core/clock.ts'
import { pick, poisson, type Random, seededRandom } from '../../../core/random.ts'
import type { DemoMoments } from './demo-moments.ts'
import { activity, attackDay, habits } from './demo-week.ts'
import type { Moment, PlayedLine } from './moment.ts'

/** Networks for documentation (RFC 5737), which are in use nowhere. */
const ordinaryAddresses = Array.from({ length: 40 }, (_, index) => `198.51.100.${index + 10}`)

/**
 * Every line that the demo gateway writes from things that begin in one hour, in order of time. The same for the same
 * seed and hour, so that backfill and live records fit together.
 *
 * @param hour start of the hour
 * @param attack start of the attack day
 */
export function demoHour(moments: DemoMoments, seed: number, hour: EpochMs, attack: EpochMs): readonly PlayedLine[] {
  const lines = [...ordinaryLines(moments, seed, hour), ...attackLines(moments, seed, hour, attack)]
  return lines.sort((a, b) => a.time - b.time)
}

function ordinaryLines(moments: DemoMoments, seed: number, hour: EpochMs): readonly PlayedLine[] {
  const random = randomOfHour(seed, hour)
  const lines: PlayedLine[] = []
  for (const { moment, perHour, rhythm } of habits) {
    const times = poisson(random, perHour * activity(rhythm, hour))
    for (let number = 0; number < times; number++) {
      const at = hour + Math.floor(random() * HOUR_MS)
      lines.push(...playAt(moments[moment], at, random, pick(random, ordinaryAddresses)))
    }
  }
  return lines
}

/** Nothing but the seed and the time since the start of the attack day decides on them: random are their ids alone. */
function attackLines(moments: DemoMoments, seed: number, hour: EpochMs, attack: EpochMs): readonly PlayedLine[] {
  const random = randomOfHour(seed, hour - attack)
  const hourOfDay = (hour - attack) / HOUR_MS
  const lines: PlayedLine[] = []
  for (const { moment, from, to, times, addresses, successive } of attackDay) {
    if (to <= hourOfDay || from >= hourOfDay + 1) continue
    for (let number = 0; number < times; number++) {
      const at = attack + Math.floor((from + ((to - from) * number) / times) * HOUR_MS)
      if (at < hour || at >= hour + HOUR_MS) continue
      const attacker = successive ? Math.floor((number * addresses) / times) : number % addresses
      lines.push(...playAt(moments[moment], at, random, `203.0.113.${attacker + 7}`))
    }
  }
  return lines
}

const randomOfHour = (seed: number, hour: EpochMs): Random =>
  seededRandom(Math.imul(seed + 1, 0x9e3779b1) ^ (hour / HOUR_MS))

function playAt(moment: Moment, at: EpochMs, random: Random, address: string): readonly PlayedLine[] {
  return moment.play({ timeOf: captured => captured - moment.begin + at, random, address })
}
