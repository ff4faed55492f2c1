import type { EpochMs } from '../../../core/clock.ts'
import { type Random, randomHex, randomUuid } from '../../../core/random.ts'

/** What is replaced each time captured lines are played. */
interface Playing {
  readonly timeOf: (captured: EpochMs) => EpochMs
  readonly random: Random
  /** Connection ids given so far in this playing: one connection keeps one id. */
  readonly given: Map<string, string>
  readonly address: string
}

type Piece = string | ((playing: Playing) => string)

export interface PlayOptions {
  /** When something happens now that was captured at this time. */
  readonly timeOf: (captured: EpochMs) => EpochMs
  readonly random: Random
  /** Stands where the lines hold `ADDRESS`. */
  readonly address?: string
}

export interface PlayedLine {
  readonly time: EpochMs
  readonly line: string
}

/** Captured lines that belong together, to be played again at other times under other ids. */
export interface Moment {
  /** When its first line was captured. */
  readonly begin: EpochMs
  /** Milliseconds from its first line to its last. */
  readonly duration: number
  play(options: PlayOptions): readonly PlayedLine[]
}

/** The place of the caller's address in lines that are to be played with another one. */
export const ADDRESS = '@address@'

const variable = new RegExp(
  [
    '(?<local>\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}\\+00:00)',
    '(?<utc>(?<="(?:date|ts)":")\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z)',
    '(?<uuid>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})',
    '(?<short>[0-9a-f]{8}…[0-9a-f]{4})',
    '(?<trace>(?<="trace(?:Id|_id)":")[0-9a-f]{32})',
    '(?<span>(?<="span(?:Id|_id)":")[0-9a-f]{16})',
    `(?<address>${ADDRESS})`,
  ].join('|'),
  'g',
)

function connectionId(playing: Playing, captured: string): string {
  const known = playing.given.get(captured)
  if (known !== undefined) return known
  const id = randomUuid(playing.random)
  playing.given.set(captured, id)
  return id
}

function shortened(id: string): string {
  return `${id.slice(0, 8)}…${id.slice(-4)}`
}

function pieceFor(groups: Record<string, string | undefined>, ids: ReadonlyMap<string, string>): Piece {
  const { local, utc, uuid, short, trace } = groups
  if (local !== undefined) {
    const time = Date.parse(local)
    return ({ timeOf }) => new Date(timeOf(time)).toISOString().replace('Z', '+00:00')
  }
  if (utc !== undefined) {
    const time = Date.parse(utc)
    return ({ timeOf }) => new Date(timeOf(time)).toISOString()
  }
  if (uuid !== undefined) return playing => connectionId(playing, uuid)
  if (short !== undefined) return playing => shortened(connectionId(playing, ids.get(short) ?? short))
  if (groups.address !== undefined) return ({ address }) => address
  const [captured, digits] = trace === undefined ? [groups.span ?? '', 16] : [trace, 32]
  return ({ given, random }) => {
    const id = given.get(captured) ?? randomHex(random, digits)
    given.set(captured, id)
    return id
  }
}

function piecesOf(line: string, ids: ReadonlyMap<string, string>): readonly Piece[] {
  const pieces: Piece[] = []
  let end = 0
  for (const found of line.matchAll(variable)) {
    pieces.push(line.slice(end, found.index), pieceFor(found.groups ?? {}, ids))
    end = found.index + found[0].length
  }
  return [...pieces, line.slice(end)]
}

function writtenAt(line: string): EpochMs {
  const { time, ts, timestamp } = JSON.parse(line) as Partial<Record<'time' | 'ts' | 'timestamp', string>>
  return Date.parse(time ?? ts ?? timestamp ?? '')
}

/** Makes a moment of lines in the gateway's layout, in the order of their times. */
export function createMoment(lines: readonly string[]): Moment {
  const times = lines.map(writtenAt)
  const begin = times[0] ?? 0
  const ids = new Map(
    lines
      .flatMap(line => [...line.matchAll(variable)])
      .flatMap(({ groups }) => (groups?.uuid === undefined ? [] : [[shortened(groups.uuid), groups.uuid] as const])),
  )
  const parts = lines.map(line => piecesOf(line, ids))
  return {
    begin,
    duration: (times.at(-1) ?? 0) - begin,
    play({ timeOf, random, address = '127.0.0.1' }) {
      const playing: Playing = { timeOf, random, given: new Map(), address }
      return parts.map((pieces, index) => ({
        time: timeOf(times[index] ?? begin),
        line: pieces.map(piece => (typeof piece === 'string' ? piece : piece(playing))).join(''),
      }))
    },
  }
}
