import type { Building } from '../../../../core/building.ts'
import type { Decoded } from '../../../../decoding/dispatch.ts'
import type { Claim, ClaimedActor, ConsoleText, Decoding, Origin, Pair } from '../../../../decoding/toolkit/record.ts'
import type { DecodedLine, DecodedLines } from '../../../contracts/lines-decoding.ts'
import type { LinesDecoder } from './decode-lines.ts'

/**
 * Decoded lines as they cross from one thread to another: a few columns instead of several objects a line, because a
 * message is copied value by value. What many lines have in common is written once, also of several chunks.
 */
export interface PackedLines {
  /** `FIELDS` numbers a line. */
  readonly numbers: Float64Array
  /** The texts of the lines that are a caller's own, one line after the other, each line's as its number says. */
  readonly texts: readonly string[]
  /** The rest of each decoding that further lines may have in common: after those that are remembered. */
  readonly rests: readonly NamedRest[]
  /** The rests of single lines. */
  readonly singleRests: readonly NamedRest[]
  readonly skipped: number
  readonly tooLong: number
  readonly mayHaveParts: boolean
  readonly consoleText: ConsoleText | undefined
}

/**
 * Numbers of a line: where it begins, index of its rest (-1 and less: of single lines), time (NaN for none), count, which
 * texts it has (bits).
 */
const FIELDS = 5

/** Texts of an actor, in the order of their bits; further texts of a claim come after them. */
const actorTexts = [
  'identity',
  'device',
  'peerAddress',
  'forwardedFor',
  'resolvedAddress',
  'addressUnknown',
  'claimedAddress',
  'packetAddress',
  'deviceCompliance',
] as const satisfies readonly (keyof ClaimedActor)[]
const PAIR_KEY = 1 << actorTexts.length
const CODE = PAIR_KEY << 1
const TRACE_ID = CODE << 1
const SPAN_ID = TRACE_ID << 1
const FURTHER = SPAN_ID << 1
/** Without a text. */
const REUSED_KEY = FURTHER << 1

/** What few lines have and no two share, together as one JSON text. */
const furtherFields = ['account', 'flow', 'change', 'approval', 'isSelfApproval', 'details'] as const
type Further = Pick<Claim, (typeof furtherFields)[number]>

/**
 * How many rests are looked through for an equal one, and remembered for the next chunk: where there are more, both threads
 * forget all of them after the chunk. A rest that is written twice costs time and nothing else.
 */
const RECENT_RESTS = 64

type WithoutTime<T> = T extends unknown ? Omit<T, 'time'> : never

/** A decoding without what differs from line to line. */
type Rest =
  | ({ readonly kind: 'claim'; readonly role?: Pair['role'] } & Omit<
      Claim,
      'time' | 'count' | 'actor' | 'pair' | 'code' | 'trace' | keyof Further
    >)
  | WithoutTime<Exclude<Decoding, { readonly kind: 'claim' }>>

export interface NamedRest {
  readonly named: Omit<Decoded, 'decoding'>
  readonly rest: Rest
}

/** Packs the lines of one chunk after the other; for the unpacker that takes all of them in this order. */
export class LinesPacker {
  readonly #decode: LinesDecoder
  /** Those whose rests the unpacker remembers. */
  #remembered: Decoded[] = []

  constructor(decode: LinesDecoder) {
    this.#decode = decode
  }

  /** Packs each line as soon as it is decoded, so that little lives long enough to be moved by the collector. */
  pack(chunk: Buffer): PackedLines {
    const remembered = this.#remembered.length
    const numbers: number[] = []
    const texts: string[] = []
    const singles: Decoded[] = []
    const counts = this.#decode(chunk, (start, decoded) => {
      const { decoding } = decoded
      const claim = decoding.kind === 'claim' ? decoding.claim : undefined
      const bits = claim === undefined ? 0 : addTexts(claim, texts)
      const rest = mayRecur(decoded) ? this.#indexOf(decoded) : -singles.push(decoded)
      numbers.push(start, rest, decoding.time ?? Number.NaN, claim?.count ?? 0, bits)
    })
    const rests = this.#remembered.slice(remembered).map(restOf)
    if (this.#remembered.length > RECENT_RESTS) this.#remembered = []
    return { numbers: Float64Array.from(numbers), texts, rests, singleRests: singles.map(restOf), ...counts }
  }

  #indexOf(decoded: Decoded): number {
    const known = this.#remembered
    for (let index = known.length - 1; index >= 0 && index >= known.length - RECENT_RESTS; index--) {
      if (haveSameRest(known[index] as Decoded, decoded)) return index
    }
    // A copy: a text that was cut out of a line would keep the whole line in memory. There is one object for each lack.
    const { lacks } = decoded
    return known.push({ ...structuredClone(decoded), ...(lacks && { lacks }) }) - 1
  }
}

/** Returns which texts were added. */
function addTexts(claim: Claim, texts: string[]): number {
  const { actor, pair, code, trace } = claim
  let bits = pair?.isReused ? REUSED_KEY : 0
  for (let index = 0; index < actorTexts.length; index++) {
    const text = actor[actorTexts[index] as keyof ClaimedActor]
    if (text === undefined) continue
    texts.push(text)
    bits |= 1 << index
  }
  return (
    bits |
    addText(PAIR_KEY, pair?.key, texts) |
    addText(CODE, code, texts) |
    addText(TRACE_ID, trace?.traceId, texts) |
    addText(SPAN_ID, trace?.spanId, texts) |
    addText(FURTHER, furtherOf(claim), texts)
  )
}

function furtherOf(claim: Claim): string | undefined {
  let isThere = false
  for (let index = 0; index < furtherFields.length; index++) {
    isThere ||= claim[furtherFields[index] as keyof Further] !== undefined
  }
  return isThere ? JSON.stringify(Object.fromEntries(furtherFields.map(field => [field, claim[field]]))) : undefined
}

function addText(bit: number, text: string | undefined, texts: string[]): number {
  if (text === undefined) return 0
  texts.push(text)
  return bit
}

/** Whether the rest of another line can be equal. */
function mayRecur({ decoding, guard }: Decoded): boolean {
  if (guard?.condition !== undefined) return false
  if (decoding.kind === 'claim') return decoding.claim.also === undefined
  return decoding.kind === 'no_signal' || decoding.kind === 'undecoded'
}

function haveSameRest(one: Decoded, other: Decoded): boolean {
  if (one.decoder !== other.decoder || one.lacks !== other.lacks || !haveSameGuard(one, other)) return false
  if (!haveSameVersion(one, other)) return false
  const [a, b] = [one.decoding, other.decoding]
  if (a.kind === 'claim') return b.kind === 'claim' && areAlike(a.claim, b.claim)
  if (a.kind === 'no_signal') return b.kind === 'no_signal' && a.template === b.template
  return a.kind === 'undecoded' && b.kind === 'undecoded' && a.reason === b.reason
}

function haveSameGuard({ guard: a }: Decoded, { guard: b }: Decoded): boolean {
  if (a === undefined || b === undefined) return a === b
  if (a.guard !== b.guard || a.inspects !== b.inspects || a.version !== b.version || a.mode !== b.mode) return false
  return haveSameValues(a.origin, b.origin)
}

function haveSameVersion({ version: a }: Decoded, { version: b }: Decoded): boolean {
  if (a === undefined || b === undefined) return a === b
  return a.version === b.version && a.template === b.template && haveSameValues(a.origin, b.origin)
}

function areAlike(a: Claim, b: Claim): boolean {
  if (a.signal !== b.signal || a.stream !== b.stream || a.pair?.role !== b.pair?.role) return false
  if (a.outcome !== b.outcome || a.severity !== b.severity) return false
  return haveSameValues(a.labels, b.labels) && haveSameValues(a.origin, b.origin)
}

function haveSameValues<T extends Readonly<Record<string, string>> | Origin>(a: T, b: T): boolean {
  let names = 0
  for (const name in a) {
    if (!Object.is(a[name], b[name])) return false
    names++
  }
  for (const _name in b) names--
  return names === 0
}

function restOf({ decoding, ...named }: Decoded): NamedRest {
  if (decoding.kind !== 'claim') {
    const { time: _apart, ...rest } = decoding
    return { named, rest }
  }
  const { signal, labels, outcome, severity, stream, origin, also, pair } = decoding.claim
  const rest = {
    kind: decoding.kind,
    signal,
    labels,
    outcome,
    severity,
    stream,
    origin,
    ...(also !== undefined && { also }),
  }
  return { named, rest: pair === undefined ? rest : { ...rest, role: pair.role } }
}

/** Unpacks the lines of one chunk after the other, in the order in which they were packed. */
export class LinesUnpacker {
  #remembered: NamedRest[] = []

  unpack({ numbers, texts, rests, singleRests, ...passed }: PackedLines): DecodedLines {
    const known = this.#remembered
    for (const rest of rests) known.push(rest)
    const lines: DecodedLine[] = []
    const remaining = new Texts(texts)
    for (let at = 0; at < numbers.length; at += FIELDS) {
      const index = numbers[at + 1] as number
      const { named, rest } = (index < 0 ? singleRests[-index - 1] : known[index]) as NamedRest
      const time = numbers[at + 2] as number
      const decoding =
        rest.kind === 'claim'
          ? claimOf(rest, time, numbers[at + 3] as number, numbers[at + 4] as number, remaining)
          : ((Number.isNaN(time) ? rest : { ...rest, time }) as Decoding)
      lines.push({ start: numbers[at] as number, decoded: { ...named, decoding } })
    }
    if (known.length > RECENT_RESTS) this.#remembered = []
    return { lines, ...passed }
  }
}

class Texts {
  readonly #texts: readonly string[]
  #next = 0

  constructor(texts: readonly string[]) {
    this.#texts = texts
  }

  take(): string {
    return this.#texts[this.#next++] as string
  }
}

function claimOf(rest: Rest & { kind: 'claim' }, time: number, count: number, bits: number, texts: Texts): Decoding {
  const claim = new UnpackedClaim(rest, time, count, actorOf(bits, texts))
  const { also, role } = rest
  if (also !== undefined) claim.also = also
  if (role !== undefined && (bits & PAIR_KEY) !== 0) {
    const key = texts.take()
    claim.pair = (bits & REUSED_KEY) === 0 ? { key, role } : { key, role, isReused: true }
  }
  if ((bits & CODE) !== 0) claim.code = texts.take()
  if ((bits & TRACE_ID) !== 0) {
    const traceId = texts.take()
    claim.trace = (bits & SPAN_ID) === 0 ? { traceId } : { traceId, spanId: texts.take() }
  }
  if ((bits & FURTHER) !== 0) Object.assign(claim, JSON.parse(texts.take()) as Further)
  return { kind: 'claim', time, claim }
}

function actorOf(bits: number, texts: Texts): ClaimedActor {
  const actor = new UnpackedActor() as { -readonly [Field in keyof ClaimedActor]: string }
  for (let index = 0; index < actorTexts.length; index++) {
    if ((bits & (1 << index)) !== 0) actor[actorTexts[index] as keyof ClaimedActor] = texts.take()
  }
  return actor as ClaimedActor
}

/** Every claim has every field, if only undefined: V8 reads a field slowly where objects of many shapes come along. */
class UnpackedClaim implements Building<Claim> {
  readonly signal: Claim['signal']
  readonly labels: Claim['labels']
  readonly outcome: Claim['outcome']
  readonly severity: Claim['severity']
  readonly stream: Claim['stream']
  readonly origin: Origin
  readonly time: number
  readonly count: number
  readonly actor: ClaimedActor
  also?: NonNullable<Claim['also']>
  pair?: Pair
  code?: string
  trace?: NonNullable<Claim['trace']>
  account?: NonNullable<Claim['account']>
  flow?: NonNullable<Claim['flow']>
  change?: NonNullable<Claim['change']>
  approval?: NonNullable<Claim['approval']>
  isSelfApproval?: true
  details?: NonNullable<Claim['details']>

  constructor(rest: Rest & { kind: 'claim' }, time: number, count: number, actor: ClaimedActor) {
    this.signal = rest.signal
    this.labels = rest.labels
    this.outcome = rest.outcome
    this.severity = rest.severity
    this.stream = rest.stream
    this.origin = rest.origin
    this.time = time
    this.count = count
    this.actor = actor
  }
}

/** See `UnpackedClaim`. */
class UnpackedActor implements ClaimedActor {
  identity?: string
  device?: string
  peerAddress?: string
  forwardedFor?: string
  resolvedAddress?: string
  packetAddress?: string
  addressUnknown?: NonNullable<ClaimedActor['addressUnknown']>
  claimedAddress?: string
  deviceCompliance?: NonNullable<ClaimedActor['deviceCompliance']>
}
