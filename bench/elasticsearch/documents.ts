import { readCapturedLines } from '../../exporter/sources/recording/captured-lines.ts'
import { createMoment } from '../../exporter/sources/recording/moment.ts'
import { pick, seededRandom } from '../../exporter/sources/recording/random.ts'

/** Numbers of captured lines: the two of a failed handshake, and lines that tell of none. */
const HANDSHAKES = [[14, 15], [16], [18], [23, 24], [38, 39]]
const OTHERS = [[1], [5], [8], [35], [40], [87]]
const HANDSHAKE_SHARE = 0.15

export interface Asked {
  /** When a document happened and was taken, by its number. */
  readonly timeOf: (number: number) => number
  /** The gateway that wrote it; as captured, all of one, where nothing is said. */
  readonly hostOf?: (number: number) => string
}

export type BenchDocument = Readonly<Record<string, unknown>>

/**
 * Documents without end in OpenClaw's file layout as rsyslog ships it: real captured lines, one in five of a failed
 * sign-in, connections with ids of their own.
 */
export function* openclawDocuments({ timeOf, hostOf }: Asked): Generator<BenchDocument> {
  const random = seededRandom(1)
  const captured = readCapturedLines()
  const moments = (groups: number[][]) =>
    groups.map(numbers => createMoment(numbers.map(number => captured[number - 1] ?? '')))
  const kinds = { handshakes: moments(HANDSHAKES), others: moments(OTHERS) }
  for (let number = 0; ; ) {
    const moment = pick(random, random() < HANDSHAKE_SHARE ? kinds.handshakes : kinds.others)
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
