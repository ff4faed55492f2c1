import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import type { EpochMs } from '../../core/clock.ts'
import { pick, type Random, seededRandom } from '../../core/random.ts'
import { readCapturedLines } from '../../exporter/sources/recording/captured-lines.ts'
import { createMoment, type Moment } from '../../exporter/sources/recording/moment.ts'

/** Numbers of captured lines: failed handshakes, both lines of a connection where there are two. */
const handshakes = [[14, 15], [16], [18], [23, 24], [38, 39], [93, 94]]
/** Lines of other templates that move a signal or say something of the posture. */
const others = [[5], [35], [40], [42], [43], [56], [57], [69], [108], [131]]
/** Lines of no interest; the long ones as often as brings the mean length to that of a real mixture, 667 bytes. */
export const idle = [[1], [6], [8], [11], [86], [86], [86], [86], [87], [87]]

/** Lines of refused sign-ins only: the last line of each connection, or the first one, as when the gateway logs no more. */
const attacks = {
  'attack-closed': [[15], [24], [39], [94]],
  'attack-unauthorized': [[14], [23], [38], [93]],
}

export const logKinds = ['mixed', 'attack-closed', 'attack-unauthorized'] as const
export type LogKind = (typeof logKinds)[number]

export interface GeneratedLog {
  readonly lines: number
  readonly bytes: number
  readonly handshakeLines: number
  readonly otherLines: number
}

/** How long an attack lasts by the times in its lines. */
const ATTACK_MS = 600_000
const BLOCK = 2_000

const captured = readCapturedLines()

function momentsOf(groups: readonly (readonly number[])[]): Moment[] {
  return groups.map(numbers => createMoment(numbers.map(number => captured[number - 1] ?? '')))
}

export interface LogOptions {
  /** Time of the first line. Minutes from the last line to the present are closed too, which is none of the reading. */
  readonly begin: EpochMs
  readonly seed?: number
}

/**
 * Writes a log of about so many bytes: 5 % lines of failed handshakes, 5 % lines of other templates, 90 % that none of
 * the decoders wants, in random order, every connection with an id of its own.
 */
export async function writeMixedLog(
  path: string,
  size: number,
  { begin, seed = 1 }: LogOptions,
): Promise<GeneratedLog> {
  const random = seededRandom(seed)
  const kinds = { handshake: momentsOf(handshakes), other: momentsOf(others), idle: momentsOf(idle) }
  const written = { handshake: 0, other: 0, idle: 0 }
  const file = new LogFile(path, random)
  let time = begin
  while (file.bytes < size) {
    for (let number = 0; number < BLOCK; number++) {
      const lines = written.handshake + written.other + written.idle
      const kind = written.handshake < lines * 0.05 ? 'handshake' : written.other < lines * 0.05 ? 'other' : 'idle'
      time += 1 + Math.floor(random() * 10)
      written[kind] += file.add(pick(random, kinds[kind]), time)
    }
    await file.flush()
  }
  await file.end()
  return {
    lines: written.handshake + written.other + written.idle,
    bytes: file.bytes,
    handshakeLines: written.handshake,
    otherLines: written.other,
  }
}

/** Writes so many lines of refused sign-ins, every connection with an id of its own, within ten minutes by their times. */
export async function writeAttackLog(
  path: string,
  kind: Exclude<LogKind, 'mixed'>,
  lines: number,
  { begin, seed = 1 }: LogOptions,
): Promise<GeneratedLog> {
  const random = seededRandom(seed)
  const moments = momentsOf(attacks[kind])
  const file = new LogFile(path, random)
  for (let number = 0; number < lines; number++) {
    file.add(pick(random, moments), begin + Math.floor((number * ATTACK_MS) / lines))
    if (number % BLOCK === BLOCK - 1) await file.flush()
  }
  await file.end()
  return { lines, bytes: file.bytes, handshakeLines: lines, otherLines: 0 }
}

class LogFile {
  bytes = 0
  readonly #out: ReturnType<typeof createWriteStream>
  readonly #random: Random
  #block: string[] = []

  constructor(path: string, random: Random) {
    this.#out = createWriteStream(path)
    this.#random = random
  }

  /** Returns the number of lines. */
  add(moment: Moment, begin: number): number {
    const played = moment.play({ timeOf: at => at - moment.begin + begin, random: this.#random })
    for (const { line } of played) this.#block.push(line)
    return played.length
  }

  async flush(): Promise<void> {
    if (this.#block.length === 0) return
    const text = `${this.#block.join('\n')}\n`
    this.#block = []
    this.bytes += Buffer.byteLength(text)
    if (!this.#out.write(text)) await once(this.#out, 'drain')
  }

  async end(): Promise<void> {
    await this.flush()
    this.#out.end()
    await once(this.#out, 'finish')
  }
}
