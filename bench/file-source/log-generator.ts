import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { readCapturedLines } from '../../exporter/sources/recording/captured-lines.ts'
import { createMoment, type Moment } from '../../exporter/sources/recording/moment.ts'
import { pick, seededRandom } from '../../exporter/sources/recording/random.ts'

/** Numbers of captured lines: failed handshakes, both lines of a connection where there are two. */
const handshakes = [[14, 15], [16], [18], [23, 24], [38, 39], [93, 94]]
/** Lines of other templates that move a signal. */
const others = [[35], [40], [42], [43], [56], [57], [69], [108], [131]]
/** Lines of no interest; the long ones as often as brings the mean length to that of a real mixture, 667 bytes. */
const idle = [[1], [5], [6], [8], [11], [86], [86], [86], [86], [87], [87]]

export interface GeneratedLog {
  readonly lines: number
  readonly bytes: number
  readonly handshakeLines: number
  readonly otherLines: number
}

/**
 * Writes a log of about so many bytes: 5 % lines of failed handshakes, 5 % lines of other templates, 90 % that none of
 * the decoders wants, in random order, every connection with an id of its own.
 */
export async function writeLog(path: string, size: number, seed = 1): Promise<GeneratedLog> {
  const random = seededRandom(seed)
  const captured = readCapturedLines()
  const momentsOf = (groups: number[][]): Moment[] =>
    groups.map(numbers => createMoment(numbers.map(number => captured[number - 1] ?? '')))
  const kinds = { handshake: momentsOf(handshakes), other: momentsOf(others), idle: momentsOf(idle) }
  const written = { handshake: 0, other: 0, idle: 0 }
  const out = createWriteStream(path)
  let time = Date.parse('2026-11-22T00:00:00Z')
  let bytes = 0
  while (bytes < size) {
    const block: string[] = []
    for (let number = 0; number < 2_000; number++) {
      const lines = written.handshake + written.other + written.idle
      const kind = written.handshake < lines * 0.05 ? 'handshake' : written.other < lines * 0.05 ? 'other' : 'idle'
      const moment = pick(random, kinds[kind])
      time += 1 + Math.floor(random() * 10)
      const begin = time
      const played = moment.play({ timeOf: at => at - moment.begin + begin, random })
      for (const { line } of played) block.push(line)
      written[kind] += played.length
    }
    const text = `${block.join('\n')}\n`
    bytes += Buffer.byteLength(text)
    if (!out.write(text)) await once(out, 'drain')
  }
  out.end()
  await once(out, 'finish')
  return {
    lines: written.handshake + written.other + written.idle,
    bytes,
    handshakeLines: written.handshake,
    otherLines: written.other,
  }
}
