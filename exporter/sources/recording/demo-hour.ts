import { type EpochMs, HOUR_MS } from '../../../core/clock.ts'
import type { DemoMoments } from './demo-moments.ts'
import { activity, attackDay, habits } from './demo-week.ts'
import type { Moment, PlayedLine } from './moment.ts'
import { pick, poisson, type Random, seededRandom } from './random.ts'

/** Networks for documentation (RFC 5737): nobody's addresses. */
const ordinaryAddresses = Array.from({ length: 40 }, (_, index) => `198.51.100.${index + 10}`)

function attackers(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `203.0.113.${index + 7}`)
}

/**
 * Every line that the demo gateway writes from things that begin in one hour, in order of time. The same for the same
 * seed and hour, so that past and present fit together.
 *
 * @param hour start of the hour
 * @param attack start of the attack day
 */
export function demoHour(moments: DemoMoments, seed: number, hour: EpochMs, attack: EpochMs): readonly PlayedLine[] {
  const random = seededRandom(Math.imul(seed + 1, 0x9e3779b1) ^ (hour / HOUR_MS))
  const lines: PlayedLine[] = []
  for (const { moment, perHour, rhythm } of habits) {
    const times = poisson(random, perHour * activity(rhythm, hour))
    for (let number = 0; number < times; number++) {
      const at = hour + Math.floor(random() * HOUR_MS)
      lines.push(...playAt(moments[moment], at, random, ordinaryAddresses))
    }
  }
  lines.push(...attackLines(moments, random, hour, attack))
  return lines.sort((a, b) => a.time - b.time)
}

function attackLines(moments: DemoMoments, random: Random, hour: EpochMs, attack: EpochMs): readonly PlayedLine[] {
  const lines: PlayedLine[] = []
  for (const { moment, from, to, times, addresses } of attackDay) {
    const sources = attackers(addresses)
    for (let number = 0; number < times; number++) {
      const at = attack + Math.floor((from + ((to - from) * number) / times) * HOUR_MS)
      if (at < hour || at >= hour + HOUR_MS) continue
      lines.push(...playAt(moments[moment], at, random, sources))
    }
  }
  return lines
}

function playAt(moment: Moment, at: EpochMs, random: Random, addresses: readonly string[]): readonly PlayedLine[] {
  return moment.play({ timeOf: captured => captured - moment.begin + at, random, address: pick(random, addresses) })
}
