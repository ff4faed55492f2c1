import fc from 'fast-check'
import { dialectFixtures } from './dialect-fixtures.ts'

/** Lines of every dialect that has lines. */
export const lines: readonly string[] = Object.values(dialectFixtures).flatMap(fixtures => fixtures.lines ?? [])

/** Pieces that look like what a reader searches for, to be repeated up to the 4,096 characters of a message. */
const bait = fc.constantFrom(
  ' ',
  ' conn=',
  ' reason=',
  ' suppressed=9',
  ' phase=ready suppressed=',
  ' errorCode=FORBIDDEN errorMessage=',
  ' origin=n/a host=h ua=x code=1000 reason=ok',
  ' blocked by before_tool_call: ',
  ',tools',
  '\u001b[',
  '\u001b[1m',
  '"},"_meta":{',
  '\\',
  '\u2028',
  '\ud800',
  '-',
  '9',
  '*1 ',
  '/hooks?',
  ' HTTP/1.1',
  '<30>1 2026-11-28T15:48:11Z ',
  'Nov 28 15:48:11 openclaw ',
  '[a b="\\]',
  ' | ',
  'openclaw',
  '", ',
  '", ipAddress=',
  '", a="',
  ', ipAddress=',
  ', username=',
  ') while SSL handshaking, client: ',
  '" 401 0 "',
  '\\x22',
  ' - - [22/Nov/2026:10:51:44 +0000] "',
  ':_at_depth_0:_',
)

const repeated = fc
  .tuple(bait, fc.integer({ min: 1, max: 4_096 }))
  .map(([piece, length]) => piece.repeat(length).slice(0, 4_096))

/** A line with hostile text put into each of its texts, message and meta alike. */
export const poisoned = fc.record({
  line: fc.constantFrom(...lines),
  text: repeated,
  where: fc.double({ min: 0, max: 1, noNaN: true }),
})

/** One of these lines with raw damage: cut, spliced, characters replaced. */
export const damagedOf = (whole: readonly string[]) =>
  fc.record({
    line: fc.constantFrom(...whole),
    text: fc.oneof(repeated, fc.string()),
    from: fc.nat(),
    to: fc.nat(),
  })

/** A real line with raw damage. */
export const damaged = damagedOf(lines)

export type Poisoned = typeof poisoned extends fc.Arbitrary<infer T> ? T : never
export type Damaged = typeof damaged extends fc.Arbitrary<infer T> ? T : never

/** The line with its hostile text, or with another in place of it. */
export function lineOf(hostile: Poisoned | Damaged, text = hostile.text): string {
  const { line } = hostile
  if ('from' in hostile) return line.slice(0, hostile.from % line.length) + text + line.slice(hostile.to % line.length)
  const into = (value: string) => {
    const cut = value.length * hostile.where
    return value.slice(0, cut) + text + value.slice(cut)
  }
  if (!line.startsWith('{')) return into(line)
  return JSON.stringify(JSON.parse(line), (key, value) =>
    typeof value !== 'string' || key === 'name' || key === 'time' ? value : into(value),
  )
}
