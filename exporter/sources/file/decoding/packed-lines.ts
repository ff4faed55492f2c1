import type { Claim, Decoding } from '../../../decoders/decoder.ts'
import type { Decoded } from '../../../decoders/dispatch.ts'
import type { DecodedLine, DecodedLines } from './decode-lines.ts'

/**
 * Decoded lines as they cross from one thread to another: a few large values instead of several objects a line, because
 * a message is copied value by value. What most lines of a chunk have in common is told once.
 */
export interface PackedLines {
  /** `FIELDS` numbers a line. */
  readonly numbers: Float64Array
  /** Keys of pairs, one after the other. */
  readonly keys: string
  /** The rest of each decoding as JSON; equal ones once. */
  readonly rests: readonly string[]
  readonly skipped: number
  readonly tooLong: number
}

/** Numbers of a line: its start, the index of its rest, its time (NaN for none), its count, the length of its key. */
const FIELDS = 5

/** A claim without what differs from line to line. */
type ClaimRest = Omit<Claim, 'time' | 'count' | 'pair'> & { readonly role?: NonNullable<Claim['pair']>['role'] }

type DecodingRest =
  | { readonly kind: 'claim'; readonly claim: ClaimRest }
  | WithoutTime<Exclude<Decoding, { readonly kind: 'claim' }>>

type WithoutTime<T> = T extends unknown ? Omit<T, 'time'> : never

interface Rest {
  readonly decoder: string
  readonly decoding: DecodingRest
}

export function packLines({ lines, skipped, tooLong }: DecodedLines): PackedLines {
  const numbers = new Float64Array(lines.length * FIELDS)
  const indexes = new Map<string, number>()
  let keys = ''
  for (let line = 0; line < lines.length; line++) {
    const { start, decoded } = lines[line] as DecodedLine
    const { decoding } = decoded
    const claim = decoding.kind === 'claim' ? decoding.claim : undefined
    const rest = JSON.stringify(restOf(decoded))
    let index = indexes.get(rest)
    if (index === undefined) {
      index = indexes.size
      indexes.set(rest, index)
    }
    const key = claim?.pair?.key ?? ''
    keys += key
    const at = line * FIELDS
    numbers[at] = start
    numbers[at + 1] = index
    numbers[at + 2] = decoding.time ?? Number.NaN
    numbers[at + 3] = claim?.count ?? 0
    numbers[at + 4] = key.length
  }
  return { numbers, keys, rests: [...indexes.keys()], skipped, tooLong }
}

function restOf({ decoder, decoding }: Decoded): Rest {
  if (decoding.kind !== 'claim') {
    const { time: _packed, ...rest } = decoding
    return { decoder, decoding: rest }
  }
  const { signal, labels, outcome, severity, stream, origin, actor, pair } = decoding.claim
  const claim = { signal, labels, outcome, severity, stream, origin, actor }
  return { decoder, decoding: { kind: 'claim', claim: pair === undefined ? claim : { ...claim, role: pair.role } } }
}

export function unpackLines({ numbers, keys, rests, skipped, tooLong }: PackedLines): DecodedLines {
  const parsed = rests.map(text => JSON.parse(text) as Rest)
  const lines: DecodedLine[] = []
  let keyAt = 0
  for (let at = 0; at < numbers.length; at += FIELDS) {
    const { decoder, decoding } = parsed[numbers[at + 1] as number] as Rest
    const keyEnd = keyAt + (numbers[at + 4] as number)
    const key = keys.slice(keyAt, keyEnd)
    keyAt = keyEnd
    const whole = completed(decoding, numbers[at + 2] as number, numbers[at + 3] as number, key)
    lines.push({ start: numbers[at] as number, decoded: { decoder, decoding: whole } })
  }
  return { lines, skipped, tooLong }
}

function completed(rest: DecodingRest, time: number, count: number, key: string): Decoding {
  if (rest.kind !== 'claim') return (Number.isNaN(time) ? rest : { ...rest, time }) as Decoding
  const { signal, labels, outcome, severity, stream, origin, actor, role } = rest.claim
  const claim = { signal, labels, outcome, severity, time, count, stream, origin, actor }
  return { kind: 'claim', time, claim: role === undefined ? claim : { ...claim, pair: { key, role } } }
}
