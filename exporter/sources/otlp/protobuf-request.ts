import protobuf from 'protobufjs/minimal.js'
import type { MessageType, OtlpMessages } from './messages.ts'
import {
  checkOrigin,
  type LogsRequest,
  MAX_RECORDS,
  type RecordGroup,
  RequestRefused,
  tooManyRecords,
} from './request.ts'

/**
 * Numbers of the fields that are messages (opentelemetry-proto, collector/logs/v1/logs_service.proto and
 * logs/v1/logs.proto). Other fields are skipped, as Protocol Buffers demand of fields that a reader does not know.
 */
const request = { resourceLogs: 1 }
const resourceLogs = { resource: 1, scopeLogs: 2 }
const scopeLogs = { scope: 1, logRecords: 2 }

/** Wire type of a field with a length. */
const LENGTH_DELIMITED = 2
/** Fields of the messages around the records, known or not, that are walked over at most. A record is twice. */
const MAX_FIELDS = 3 * MAX_RECORDS
const NOTHING = new Uint8Array()

/**
 * Divides an ExportLogsServiceRequest in protobuf into its records. Only the messages around them are walked over: what
 * ends early or has no length is found here, before any record counts.
 *
 * @throws RequestRefused
 */
export function readProtobufRequest(body: Uint8Array, messages: OtlpMessages): LogsRequest {
  try {
    return new Division(messages).groupsOf(body)
  } catch (error) {
    if (error instanceof RequestRefused) throw error
    throw new RequestRefused('malformed', 'The body is no ExportLogsServiceRequest in protobuf.')
  }
}

class Division {
  readonly #messages: OtlpMessages
  #fields = 0
  #records = 0

  constructor(messages: OtlpMessages) {
    this.#messages = messages
  }

  groupsOf(body: Uint8Array): RecordGroup[] {
    return this.#messagesIn(body, request.resourceLogs).flatMap(ofResource => this.#ofResource(ofResource))
  }

  #ofResource(ofResource: Uint8Array): RecordGroup[] {
    const resource = this.#messagesIn(ofResource, resourceLogs.resource).at(-1)
    checkOrigin(resource ?? NOTHING)
    const decoded = resource && this.#messages.Resource.decode(resource)
    return this.#messagesIn(ofResource, resourceLogs.scopeLogs).map(ofScope => {
      const scope = this.#messagesIn(ofScope, scopeLogs.scope).at(-1)
      const records = this.#messagesIn(ofScope, scopeLogs.logRecords)
      this.#records += records.length
      if (this.#records > MAX_RECORDS) throw tooManyRecords()
      checkOrigin(scope ?? NOTHING)
      return {
        resource: decoded,
        scope: scope && this.#messages.InstrumentationScope.decode(scope),
        origin: Buffer.concat([resource ?? NOTHING, scope ?? NOTHING]),
        records: records.map(bytes => new ProtobufRecord(bytes, this.#messages.LogRecord)),
      }
    })
  }

  /** The messages of this number in a message. The fields may be in any order. */
  #messagesIn(message: Uint8Array, number: number): Uint8Array[] {
    const found: Uint8Array[] = []
    const reader = protobuf.Reader.create(message)
    while (reader.pos < reader.len) {
      const tag = reader.uint32()
      this.#fields++
      if (this.#fields > MAX_FIELDS) throw tooManyRecords()
      if (tag >>> 3 !== number) reader.skipType(tag & 7)
      else if ((tag & 7) === LENGTH_DELIMITED) found.push(reader.bytes())
      else throw new RequestRefused('malformed', 'A message of the body is no message.')
    }
    return found
  }
}

class ProtobufRecord {
  readonly bytes: Uint8Array
  readonly #type: MessageType

  constructor(bytes: Uint8Array, type: MessageType) {
    this.bytes = bytes
    this.#type = type
  }

  read() {
    return this.#type.decode(this.bytes)
  }
}
