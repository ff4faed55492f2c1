import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { HOUR_MS } from '../../core/clock.ts'
import { pick, seededRandom } from '../../core/random.ts'
import { readCapturedLines } from '../../exporter/sources/recording/captured-lines.ts'
import { createMoment } from '../../exporter/sources/recording/moment.ts'

/** Numbers of captured lines, each of another signal: a failed sign-in, a denied call, an approved pairing. */
const KINDS = [[16], [35], [42]]
/** Long enough before now that a series has a score: 720 minutes and one hour more. */
const FIRST_MS = 13 * HOUR_MS

export interface GatewayLog {
  readonly path: string
  readonly gateways: number
  readonly now: number
  /** Of the random numbers. Default: 1. */
  readonly seed?: number
}

interface Planned {
  readonly time: number
  readonly gateway: number
  readonly kind: number
}

/**
 * Writes the log of so many gateways, each of which tells of every kind of event 13 hours ago, twice at some time since
 * and once in the last hour. @returns the number of lines
 */
export async function writeFleet({ path, gateways, now, seed = 1 }: GatewayLog): Promise<number> {
  const random = seededRandom(seed)
  const planned: Planned[] = []
  for (let gateway = 0; gateway < gateways; gateway++) {
    for (let kind = 0; kind < KINDS.length; kind++) {
      const ages = [FIRST_MS, random() * FIRST_MS, random() * FIRST_MS, random() * HOUR_MS]
      for (const age of ages) planned.push({ time: Math.floor(now - age), gateway, kind })
    }
  }
  planned.sort((a, b) => a.time - b.time)
  await writeLines(path, planned, gateway => `gateway-${String(gateway).padStart(5, '0')}`, random)
  return planned.length
}

/** Appends one failed sign-in of each of so many names that were never heard before, all of the last seconds. @returns the number of lines */
export async function appendFlood({ path, gateways, now, seed = 2 }: GatewayLog): Promise<number> {
  const random = seededRandom(seed)
  const planned = Array.from({ length: gateways }, (_, gateway) => ({ time: now, gateway, kind: 0 }))
  await writeLines(path, planned, gateway => `made-up-${gateway}-${pick(random, ['a', 'b', 'c'])}`, random)
  return planned.length
}

async function writeLines(
  path: string,
  planned: readonly Planned[],
  nameOf: (gateway: number) => string,
  random: () => number,
): Promise<void> {
  const captured = readCapturedLines()
  const moments = KINDS.map(numbers => createMoment(numbers.map(number => captured[number - 1] ?? '')))
  const out = createWriteStream(path, { flags: 'a' })
  for (const { time, gateway, kind } of planned) {
    const played = moments[kind]?.play({ timeOf: () => time, random }) ?? []
    const name = nameOf(gateway)
    const text = played.map(({ line }) => `${line.replaceAll('"hostname":"vm"', `"hostname":"${name}"`)}\n`).join('')
    if (!out.write(text)) await once(out, 'drain')
  }
  out.end()
  await once(out, 'finish')
}
