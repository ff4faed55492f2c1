import type { SignalName } from '../../core/signals.ts'
import type { MissingField } from '../../decoding/dialects/dialect.ts'
import type { Dispatcher } from '../../decoding/dispatch.ts'
import {
  type ForeignFormat,
  foreignSentence,
  formatOfDocument,
  formatOfFile,
  formatOfLine,
  unendedText,
  unknownFormat,
} from '../../decoding/foreign-format.ts'
import type { Fields } from '../../decoding/toolkit/fields.ts'
import { originOf } from '../../decoding/toolkit/origin.ts'
import { logfmtValue } from '../../service/log/one-line.ts'
import type { Batch, Place, Samples, SourceRecord } from '../contracts/source.ts'
import { gatewayOf, UNKNOWN_GATEWAY } from './attribution.ts'

/** Decoder of a record that no dialect recognises. */
const NONE = 'none'

/** Reasons that say nothing of a record's format. */
const silentReasons: readonly string[] = ['partial_record', 'line_too_long']

/** Places of a kind that are remembered of a source; the oldest goes first. */
const MAX_REMEMBERED = 1_000

/** One sentence for the page and the log: what is wrong and what to do. */
export const UNRECOGNISED =
  'No record that was read is in a known format; check that the source reads the log of OpenClaw or of a proxy in front of it, and compare its format with docs/decoders.md.'

/** What the decoders made of a record. */
interface Result {
  readonly decoder: string
  /** Why it is undecoded. */
  readonly reason?: string
  readonly event?: { readonly gateway: string }
  /** Its signal, where its stream is not authoritative. */
  readonly signal?: SignalName
  readonly lacks?: MissingField
}

/** Kinds of inputs that are distinguished within a source. */
export const inputKinds = ['file', 'index', 'gateway'] as const satisfies readonly (Place['kind'] | 'gateway')[]

/** A file, an index or a gateway of which no record that was parsed is in a known format. */
export interface UnrecognisedPlace {
  readonly kind: (typeof inputKinds)[number]
  readonly name: string
  /** Absent where only the result of decoding is known of its records. */
  readonly format?: ForeignFormat
}

/** A file or an index whose newest record is in an older form of its format. */
export interface IncompletePlace extends Place {
  readonly decoder: string
  readonly lacks: MissingField
}

/** One sentence for the page and the log: what is missing, what is not counted, and what to do. */
export function incompleteSentence({ kind, name, lacks }: IncompletePlace): string {
  const { field, consequence, advice } = lacks
  return `The records of ${kind} ${logfmtValue(name)} lack the field ${field}: ${consequence}; ${advice}.`
}

/** One sentence for the page and the log: what is wrong and what to do. */
export function unrecognisedSentence({ kind, name, format }: UnrecognisedPlace): string {
  const described = format ?? (kind === 'file' ? formatOfFile(unknownFormat) : unknownFormat)
  // A terminal must not obey a name that a document chose.
  return foreignSentence(`${kind} ${logfmtValue(name)}`, described)
}

/**
 * Whether a source, and each file, index and gateway of it, is read in a known format. Records that are skipped or
 * undecoded are normal in a log of OpenClaw; where no record at all is of a known dialect, the wrong file is read, or in
 * a format that clawtrust does not know.
 */
export class Recognition {
  readonly #dispatcher: Dispatcher
  readonly #places = new PlaceTable()
  readonly #gateways = new PlaceTable()
  readonly #incomplete = new Map<string, IncompletePlace>()
  readonly #dialects = new Map<string, Set<SignalName>>()
  #lastDialect: string | undefined
  #isRecognised: boolean | undefined

  constructor(dispatcher: Dispatcher) {
    this.#dispatcher = dispatcher
  }

  /** Undefined until a record was read since the start. */
  get isRecognised(): boolean | undefined {
    return this.#isRecognised
  }

  /** The oldest first. */
  get unrecognised(): readonly UnrecognisedPlace[] {
    return [...this.#places.unrecognised, ...this.#gateways.unrecognised]
  }

  /** The oldest first. */
  get incomplete(): readonly IncompletePlace[] {
    return [...this.#incomplete.values()]
  }

  /** Every dialect of which a record was read since the start, with the signals of which its stream is not authoritative. */
  get dialects(): ReadonlyMap<string, ReadonlySet<SignalName>> {
    return this.#dialects
  }

  /** A record was decoded, or not. */
  record(record: SourceRecord, { decoder, reason, event, lacks, signal }: Result): void {
    if (decoder !== this.#lastDialect || signal !== undefined) this.#meet(decoder, signal)
    if (lacks !== undefined || this.#incomplete.size > 0) this.#judge(record, decoder, lacks)
    if (decoder !== NONE) this.#recognise(record, event?.gateway)
    else if (reason === undefined || !silentReasons.includes(reason)) {
      if (this.#isOpen(record)) this.#doubt(record, reason !== 'unknown_envelope')
    }
  }

  /** What a batch says of records that it skipped. */
  skipped({
    samples,
    recognised = [],
    unended = [],
    tally,
  }: Pick<Batch, 'samples' | 'recognised' | 'unended' | 'tally'>): void {
    for (const { place, hasCarriageReturns } of unended) {
      this.#isRecognised ??= false
      this.#places.doubt({ ...place, format: unendedText(hasCarriageReturns) })
    }
    if (samples !== undefined) this.#sample(samples)
    for (const place of recognised) this.#places.recognise(place.name)
    if (recognised.length > 0 || (samples === undefined && tally.skipped > 0)) this.#isRecognised = true
  }

  /** Lines that may have been skipped without being parsed. */
  #sample({ place, forgeable, lines }: Samples): void {
    if (!this.#isOpen({ body: '', place })) return
    for (const body of lines()) {
      const { decoding, ...named } = this.#dispatcher.decode({ id: '', body, forgeable })
      this.record({ id: '', body, place, forgeable }, { ...named, ...decoding })
    }
  }

  #meet(dialect: string, withheld: SignalName | undefined): void {
    // Records of one dialect come in a row.
    this.#lastDialect = dialect
    if (dialect === NONE) return
    const known = this.#dialects.get(dialect) ?? new Set()
    if (withheld !== undefined) known.add(withheld)
    this.#dialects.set(dialect, known)
  }

  /**
   * A record of the same dialect that lacks nothing shows that the format was corrected, unless a client may have
   * written it; one of no dialect shows nothing.
   */
  #judge({ place, forgeable }: SourceRecord, decoder: string, lacks: MissingField | undefined): void {
    if (place === undefined) return
    const held = this.#incomplete.get(place.name)
    if (lacks === undefined) {
      const isSame = decoder !== NONE && held?.decoder === decoder
      const isOther = place.kind === 'file' && forgeable === undefined && held?.lacks.correctedBy?.includes(decoder)
      if (isSame || isOther) this.#incomplete.delete(place.name)
      return
    }
    if (held !== undefined) return
    this.#incomplete.set(place.name, { ...place, decoder, lacks })
    const [oldest] = this.#incomplete.size > MAX_REMEMBERED ? this.#incomplete.keys() : []
    if (oldest !== undefined) this.#incomplete.delete(oldest)
  }

  /** False where everything that a record of this place could say is known. */
  #isOpen({ body, place }: Pick<SourceRecord, 'body' | 'place'>): boolean {
    if (this.#isRecognised !== true || typeof body !== 'string') return true
    return place !== undefined && !this.#places.isRecognised(place.name)
  }

  #recognise(record: SourceRecord, gateway?: string): void {
    this.#isRecognised = true
    if (record.place !== undefined) this.#places.recognise(record.place.name)
    // Reading it out of each document would take long.
    const isAsked = gateway === undefined && this.#gateways.hasUnrecognised
    const name = isAsked ? namedGateway(record) : gateway
    if (name !== undefined) this.#gateways.recognise(name)
  }

  #doubt(record: SourceRecord, isOpened: boolean): void {
    const { body, place } = record
    const format = typeof body === 'string' ? this.#formatOfLine(record) : this.#formatOfDocument(record, isOpened)
    if (format === 'known') {
      this.#recognise(record)
      return
    }
    if (format === 'nothing') return
    this.#isRecognised ??= false
    const described = format === 'unread' ? {} : { format: place?.kind === 'file' ? formatOfFile(format) : format }
    if (place !== undefined) this.#places.doubt({ ...place, ...described })
    const gateway = namedGateway(record)
    if (gateway !== undefined) this.#gateways.doubt({ kind: 'gateway', name: gateway, ...described })
  }

  #formatOfLine({ body, decoded, forgeable }: SourceRecord): Look {
    // Of what a thread has decoded the text is not there.
    if (body === '' && decoded !== undefined) return 'unread'
    const line = body as string
    // A line that a client may have written makes no format known.
    return line.trim() === '' ? 'nothing' : (formatOfLine(line) ?? (forgeable === undefined ? 'known' : 'unread'))
  }

  #formatOfDocument(record: SourceRecord, isOpened: boolean): Look {
    const { body, place } = record
    const gateway = namedGateway(record)
    const isKnown = (table: PlaceTable, name: string | undefined) => name === undefined || table.isKnown(name)
    if (this.#isRecognised !== undefined && isKnown(this.#places, place?.name) && isKnown(this.#gateways, gateway)) {
      return 'nothing'
    }
    return formatOfDocument(body as Fields, isOpened, this.#dispatcher) ?? 'known'
  }
}

/** What an undecoded record looks like; `unread` where its text is not there, `nothing` where it brings nothing new. */
type Look = ForeignFormat | 'known' | 'unread' | 'nothing'

/** The gateway that a document names, where the source does not say it of all. */
function namedGateway(record: SourceRecord): string | undefined {
  if (typeof record.body === 'string' || record.gateway !== undefined) return undefined
  const name = gatewayOf(record, originOf(record.body))
  return name === UNKNOWN_GATEWAY ? undefined : name
}

/** True where the format of the first is known better than that of the second. */
function saysMore({ format }: UnrecognisedPlace, { format: known }: UnrecognisedPlace): boolean {
  if (format === undefined) return false
  return known === undefined || (known.isVague === true && format.isVague !== true)
}

/** Which places of one kind are recognised. Names may be chosen by attackers: the table is bounded. */
class PlaceTable {
  /** True: recognised. */
  readonly #states = new Map<string, UnrecognisedPlace | true>()
  #doubtful = 0
  #last: string | undefined

  get unrecognised(): readonly UnrecognisedPlace[] {
    return this.hasUnrecognised ? [...this.#states.values()].filter(state => state !== true) : []
  }

  get hasUnrecognised(): boolean {
    return this.#doubtful > 0
  }

  isKnown(name: string): boolean {
    return this.#states.has(name)
  }

  isRecognised(name: string): boolean {
    return this.#states.get(name) === true
  }

  recognise(name: string): void {
    // Records of one place come in a row.
    if (name === this.#last) return
    this.#last = name
    const state = this.#states.get(name)
    if (state === true) return
    if (state !== undefined) this.#doubtful--
    this.#set(name, true)
  }

  doubt(place: UnrecognisedPlace): void {
    const state = this.#states.get(place.name)
    if (state === true) return
    if (state === undefined) this.#doubtful++
    else if (!saysMore(place, state)) return
    this.#set(place.name, place)
  }

  #set(name: string, state: UnrecognisedPlace | true): void {
    this.#states.set(name, state)
    if (this.#states.size <= MAX_REMEMBERED) return
    const [[oldest, forgotten] = []] = this.#states
    if (oldest === undefined) return
    this.#states.delete(oldest)
    if (forgotten !== true) this.#doubtful--
    if (this.#last === oldest) this.#last = undefined
  }
}
