import type { Fields } from '../../../decoding/toolkit/fields.ts'

/**
 * Log records of one request that share a resource and a scope. None of them is decoded before it is asked for, so that
 * a request of any size holds the event loop for a few of them at a time.
 */
export interface RecordGroup {
  /** The decoded messages Resource and InstrumentationScope; undefined where the request has none. */
  readonly resource: Fields | undefined
  readonly scope: Fields | undefined
  /** The bytes of both, from which the ids of the records are made too. */
  readonly origin: Uint8Array
  readonly records: readonly ReceivedRecord[]
}

/** One log record as it was received. */
export interface ReceivedRecord {
  /** Its bytes; of a record in JSON, its text without white space. */
  readonly bytes: Uint8Array
  /** The message LogRecord, whose fields have the same names in both encodings. @throws Error where it is none */
  read(): Fields
}

/** The log records of an ExportLogsServiceRequest, group by group. */
export type LogsRequest = readonly RecordGroup[]

/** Most records of one request. The Collector sends 8,192 by default, an SDK 512. */
export const MAX_RECORDS = 100_000

/** Largest resource or scope, bytes: they are decoded in one piece. */
const MAX_ORIGIN_BYTES = 131_072

/** A request that is no ExportLogsServiceRequest, or has too many records: nothing of it is taken. */
export class RequestRefused extends Error {
  readonly fault: 'malformed' | 'too_large'
  /** For the sender: what is wrong with its request. */
  readonly sentence: string

  constructor(fault: RequestRefused['fault'], sentence: string) {
    super(fault)
    this.fault = fault
    this.sentence = sentence
  }
}

export const tooManyRecords = () =>
  new RequestRefused('too_large', `The request has more than ${MAX_RECORDS} log records; send smaller batches.`)

/** @throws RequestRefused where the bytes of a resource and a scope are too many */
export function checkOrigin(origin: Uint8Array): void {
  if (origin.length <= MAX_ORIGIN_BYTES) return
  throw new RequestRefused('malformed', 'A resource or a scope of the request has more than 128 KiB.')
}
