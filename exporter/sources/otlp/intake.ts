import type { Clock, EpochMs } from '../../../core/clock.ts'
import { isObject } from '../../../core/json.ts'
import { type Fields, MAX_LINE_LENGTH } from '../../../decoding/toolkit/fields.ts'
import type { Json } from '../../../service/state/state.ts'
import type { Batch, CursorChange, Delivery, SourceRecord } from '../../contracts/source.ts'
import { documentOf, type SharedFields, sharedFields } from './document.ts'
import { readJsonRequest } from './json-request.ts'
import type { OtlpMessages } from './messages.ts'
import { readProtobufRequest } from './protobuf-request.ts'
import { KEY_BYTES, RecordIds } from './record-ids.ts'
import { RememberedIds } from './remembered-ids.ts'
import { type LogsRequest, type ReceivedRecord, type RecordGroup, RequestRefused } from './request.ts'
import { Watermark } from './watermark.ts'

export interface IntakeOptions {
  readonly name: string
  readonly gateway?: string
  /** How far the watermark follows the clock, milliseconds. */
  readonly lateness: number
  /** How long ids are remembered, milliseconds. */
  readonly horizon: number
}

export interface IntakeDependencies {
  readonly messages: OtlpMessages
  readonly clock: Clock
  /** That many random bytes. */
  readonly randomBytes: (bytes: number) => Uint8Array
}

/** What a part of a delivery brought. */
export interface Piece {
  readonly records: readonly SourceRecord[]
  readonly repeated: number
  readonly malformed: number
  readonly tooLong: number
}

export const NOTHING: Piece = { records: [], repeated: 0, malformed: 0, tooLong: 0 }

/** Records, and their bytes, that are decoded before other work has its turn: some milliseconds. */
const PIECE_RECORDS = 250
const PIECE_BYTES = 256 * 1024
/** Cursor key of the source itself: its watermark, and the key of the digests. */
const SOURCE_KEY = 'source'

/** Makes batches of deliveries, from the position of the last commit on. */
export class Intake {
  readonly ids: RememberedIds
  readonly #messages: OtlpMessages
  readonly #clock: Clock
  readonly #gateway: string | undefined
  readonly #key: Uint8Array
  readonly #watermark: Watermark

  constructor(
    { gateway, lateness, horizon }: IntakeOptions,
    { messages, clock, randomBytes }: IntakeDependencies,
    cursor: ReadonlyMap<string, Json>,
  ) {
    const saved = savedIn(cursor)
    this.ids = new RememberedIds({ horizon }, cursor)
    this.#messages = messages
    this.#clock = clock
    this.#gateway = gateway
    this.#key = saved.key ?? randomBytes(KEY_BYTES)
    this.#watermark = new Watermark(clock, lateness, saved.watermark)
  }

  /**
   * The records of a delivery, piece by piece. Its ids are remembered as they are asked for.
   *
   * @throws RequestRefused before the first piece
   */
  *piecesOf({ encoding, body }: Delivery): Generator<Piece> {
    const request = encoding === 'json' ? readJsonRequest(body) : readProtobufRequest(body, this.#messages)
    const groups = sharing(request)
    const ids = new RecordIds(this.#key)
    let builder = new PieceBuilder()
    for (const { group, shared } of groups) {
      ids.begin(group.origin)
      for (const record of group.records) {
        this.#take(record, { ids, shared, builder })
        if (builder.size < PIECE_RECORDS && builder.bytes < PIECE_BYTES) continue
        yield builder.piece
        builder = new PieceBuilder()
      }
    }
    yield builder.piece
  }

  batch({ records, repeated, malformed, tooLong }: Piece, caughtUp: boolean): Batch {
    const watermark = this.#watermark.value
    const own: CursorChange = {
      key: SOURCE_KEY,
      value: { watermark, key: Buffer.from(this.#key).toString('base64') },
    }
    return {
      records,
      tally: {
        skipped: 0,
        undecoded: {
          ...(malformed === 0 ? {} : { malformed_record: malformed }),
          ...(tooLong === 0 ? {} : { line_too_long: tooLong }),
        },
        lostBytes: 0,
        duplicates: repeated,
      },
      cursor: [own, ...this.ids.changes(this.#clock.now())],
      watermark,
      caughtUp,
    }
  }

  #take(record: ReceivedRecord, { ids, shared, builder }: Taking): void {
    const { bytes } = record
    builder.bytes += bytes.length
    const id = ids.next(bytes)
    if (!this.ids.isNew(id, this.#clock.now())) builder.repeated++
    else if (bytes.length > MAX_LINE_LENGTH) builder.tooLong++
    else {
      const body = documentIn(record, shared)
      if (body === undefined) builder.malformed++
      else builder.records.push(this.#gateway === undefined ? { id, body } : { id, body, gateway: this.#gateway })
    }
  }
}

interface Taking {
  readonly ids: RecordIds
  readonly shared: SharedFields
  readonly builder: PieceBuilder
}

class PieceBuilder {
  readonly records: SourceRecord[] = []
  repeated = 0
  malformed = 0
  tooLong = 0
  /** Of all records, taken or not. */
  bytes = 0

  get size(): number {
    return this.records.length + this.repeated + this.malformed + this.tooLong
  }

  get piece(): Piece {
    const { records, repeated, malformed, tooLong } = this
    return { records, repeated, malformed, tooLong }
  }
}

function sharing(request: LogsRequest): readonly { readonly group: RecordGroup; readonly shared: SharedFields }[] {
  try {
    return request.map(group => ({ group, shared: sharedFields(group) }))
  } catch {
    throw new RequestRefused('malformed', 'A resource or a scope of the request is malformed.')
  }
}

/** Undefined where the record is no log record. What decoding throws says nothing more: also where it is nested too deeply. */
function documentIn(record: ReceivedRecord, shared: SharedFields): Fields | undefined {
  try {
    return documentOf(record.read(), shared)
  } catch {
    return undefined
  }
}

function savedIn(cursor: ReadonlyMap<string, Json>): { readonly watermark?: EpochMs; readonly key?: Uint8Array } {
  const saved = cursor.get(SOURCE_KEY)
  if (!isObject(saved)) return {}
  const { watermark, key } = saved
  return {
    ...(typeof watermark === 'number' && { watermark }),
    ...(typeof key === 'string' && { key: Buffer.from(key, 'base64') }),
  }
}
