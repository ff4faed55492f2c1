import { pick, type Random, randomHex, randomUuid } from '../../core/random.ts'
import { dialects } from '../../decoding/registry.ts'
import { dialectFixtures } from '../../test/decoding/dialect-fixtures.ts'

/** Lines of one dialect that are written again and again, each time at another time and with other ids. */
export interface DialectLines {
  readonly dialect: string
  /** @param isNewActor whether everyone in the line comes for the first time, and never again */
  line(time: Date, isNewActor: boolean): string
}

interface Writing {
  readonly time: Date
  readonly random: Random
  readonly isNewActor: boolean
}

type Piece = string | ((writing: Writing) => string)

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const two = (number: number) => String(number).padStart(2, '0')
const clockOf = (time: Date) => `${two(time.getUTCHours())}:${two(time.getUTCMinutes())}:${two(time.getUTCSeconds())}`
const isoDay = (time: Date) => time.toISOString().slice(0, 10)

/** Someone whose names are in the fixtures stays, unless the line is of a new actor. */
const ofNewActor =
  (makeUp: (random: Random) => string) =>
  (found: string): Piece =>
  ({ random, isNewActor }) =>
    isNewActor ? makeUp(random) : found

const addressOf = (random: Random) =>
  `${1 + Math.floor(random() * 120)}.${Math.floor(random() * 256)}.${Math.floor(random() * 256)}.${Math.floor(random() * 256)}`

/** What is written otherwise each time: times in every form of the fixtures, ids, and who acts. */
const variables: readonly (readonly [pattern: string, write: (found: string) => Piece])[] = [
  ['\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?(?:Z|\\+00:00)', isoTime],
  [
    '\\d\\d/[A-Z][a-z]{2}/\\d{4}:\\d\\d:\\d\\d:\\d\\d \\+0000',
    () =>
      ({ time }) =>
        `${two(time.getUTCDate())}/${MONTHS[time.getUTCMonth()]}/${time.getUTCFullYear()}:${clockOf(time)} +0000`,
  ],
  [
    '\\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d',
    () =>
      ({ time }) =>
        `${isoDay(time).replaceAll('-', '/')} ${clockOf(time)}`,
  ],
  [
    '\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d,\\d{3}',
    () =>
      ({ time }) =>
        `${isoDay(time)} ${clockOf(time)},${String(time.getUTCMilliseconds()).padStart(3, '0')}`,
  ],
  [
    '(?<=[:"])1[67]\\d{11}(?=[,"}])',
    () =>
      ({ time }) =>
        String(time.getTime()),
  ],
  [
    '(?<=[:"])1[67]\\d{8}(?=[,"}.])',
    () =>
      ({ time }) =>
        String(Math.floor(time.getTime() / 1000)),
  ],
  [
    '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}',
    () =>
      ({ random }) =>
        randomUuid(random),
  ],
  [
    '(?<=")[0-9a-f]{32}(?=")',
    () =>
      ({ random }) =>
        randomHex(random, 32),
  ],
  ['\\b(?!127\\.)(?:\\d{1,3}\\.){3}\\d{1,3}\\b', ofNewActor(addressOf)],
  [
    '(?<="(?:hostname|hostName|node_name|username|deviceId|userId|[\\w.]{0,40}id_hash|idHash|deviceIdHash|user_agent|namespace|source_namespace)":")[^"\\\\]{1,64}(?=")',
    ofNewActor(random => `made-up-${randomHex(random, 16)}`),
  ],
]

function isoTime(found: string): Piece {
  const decimals = /\.(\d+)/.exec(found)?.[1]?.length ?? 0
  const zone = found.endsWith('Z') ? 'Z' : '+00:00'
  return ({ time }) => {
    const text = time.toISOString()
    return decimals === 0
      ? text.slice(0, 19) + zone
      : text
          .slice(0, 23)
          .padEnd(20 + decimals, '0')
          .slice(0, 20 + decimals) + zone
  }
}

const pattern = new RegExp(variables.map(([each]) => `(${each})`).join('|'), 'g')

function piecesOf(line: string): readonly Piece[] {
  const pieces: Piece[] = []
  let end = 0
  for (const match of line.matchAll(pattern)) {
    const which = match.slice(1, 1 + variables.length).findIndex(group => group !== undefined)
    pieces.push(line.slice(end, match.index), variables[which]?.[1](match[0]) ?? match[0])
    end = match.index + match[0].length
  }
  return [...pieces, line.slice(end)]
}

/** The fixtures of every dialect of lines, each dialect by itself: its program writes a file of its own. */
export function allDialectLines(random: Random): readonly DialectLines[] {
  return dialects.flatMap(({ name }) => {
    const lines = (dialectFixtures[name]?.lines ?? []).map(piecesOf)
    if (lines.length === 0) return []
    const line = (time: Date, isNewActor: boolean) => {
      let text = ''
      for (const piece of pick(random, lines))
        text += typeof piece === 'string' ? piece : piece({ time, random, isNewActor })
      return text
    }
    return [{ dialect: name, line }]
  })
}
