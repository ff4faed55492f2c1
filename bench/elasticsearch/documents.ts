import { pick, seededRandom } from '../../core/random.ts'
import { readCapturedLines } from '../../exporter/sources/recording/captured-lines.ts'
import { createMoment } from '../../exporter/sources/recording/moment.ts'

/** Numbers of captured lines: those of a failed handshake, of other events, and lines that tell of none. */
const HANDSHAKES = [[14, 15], [16], [18], [23, 24], [38, 39]]
const TOLD = [[35], [40], [42], [56], [57]]
const IDLE = [[1], [5], [6], [8], [11], [86], [86], [87]]

/** Shares of moments; a handshake is one or two documents. */
export const mixes = {
  /** One document in five of a failed sign-in, half of all of some event. */
  attack: { handshakes: 0.15, told: 0.29 },
  /** As the log of the file source's benchmark: 5 % of failed sign-ins, 5 % of other events, 90 % that nobody wants. */
  everyday: { handshakes: 0.036, told: 0.051 },
} as const

export type Mix = keyof typeof mixes

export interface Asked {
  readonly mix?: Mix
  /** When a document happened and was taken, by its number. */
  readonly timeOf: (number: number) => number
  /** The gateway that wrote it; as captured, all of one, where nothing is said. */
  readonly hostOf?: (number: number) => string
}

export type BenchDocument = Readonly<Record<string, unknown>>

/**
 * Documents without end in OpenClaw's file layout as rsyslog ships it: real captured lines in one of the mixes,
 * connections with ids of their own.
 */
export function* openclawDocuments({ mix = 'attack', timeOf, hostOf }: Asked): Generator<BenchDocument> {
  const random = seededRandom(1)
  const captured = readCapturedLines()
  const moments = (groups: number[][]) =>
    groups.map(numbers => createMoment(numbers.map(number => captured[number - 1] ?? '')))
  const kinds = { handshakes: moments(HANDSHAKES), told: moments(TOLD), idle: moments(IDLE) }
  const { handshakes, told } = mixes[mix]
  const kindOf = (share: number) => (share < handshakes ? 'handshakes' : share < handshakes + told ? 'told' : 'idle')
  for (let number = 0; ; ) {
    const moment = pick(random, kinds[kindOf(random())])
    const begin = timeOf(number)
    const host = hostOf?.(number)
    for (const { line } of moment.play({ timeOf: at => at - moment.begin + begin, random })) {
      const fields = JSON.parse(line)
      // A field of its own for what an aggregation can ask.
      const reason = fields['1']?.authReason
      yield {
        ...fields,
        ...(host === undefined ? {} : { hostname: host, _meta: { ...fields._meta, hostname: host } }),
        '@timestamp': fields.time,
        event: { ingested: new Date(timeOf(number)).toISOString() },
        ...(reason === undefined ? {} : { reason }),
      }
      number++
    }
  }
}
