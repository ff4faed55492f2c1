import { hasMoreTokens, isNestedDeeper, isObject, parseJson } from '../../../core/json.ts'
import type { Fields } from '../../../decoding/toolkit/fields.ts'
import {
  checkOrigin,
  type LogsRequest,
  MAX_RECORDS,
  type RecordGroup,
  RequestRefused,
  tooManyRecords,
} from './request.ts'

/** Largest body in JSON: it is parsed in one piece. A batch of 512 records of OpenClaw has about half a MiB. */
const MAX_BYTES = 4 * 2 ** 20
/** Commas, colons and opening brackets of a body: a record of OpenClaw with 20 attributes has about 200. */
const MAX_TOKENS = 500_000
/** Levels of lists and objects: a map in a value has 4 in JSON, and a value may have 16 of them. */
const MAX_LEVELS = 100

/**
 * Divides an ExportLogsServiceRequest in JSON into its records: the JSON encoding of OTLP, in which names are in
 * lowerCamelCase, 64-bit integers may be texts of digits, and ids are hexadecimal.
 *
 * @throws RequestRefused
 */
export function readJsonRequest(body: Uint8Array): LogsRequest {
  if (body.length > MAX_BYTES)
    throw new RequestRefused('too_large', 'A body in JSON may have 4 MiB; send smaller batches, or protobuf.')
  if (hasMoreTokens(body, MAX_TOKENS))
    throw new RequestRefused('too_large', `The body has more than ${MAX_TOKENS} JSON tokens; send smaller batches.`)
  if (isNestedDeeper(body, MAX_LEVELS)) throw malformed()
  const request = parseJson(new TextDecoder().decode(body))
  if (!isObject(request)) throw malformed()
  const groups = objectsIn(request.resourceLogs).flatMap(groupsOf)
  if (groups.reduce((sum, { records }) => sum + records.length, 0) > MAX_RECORDS) throw tooManyRecords()
  return groups
}

function groupsOf(ofResource: Fields): RecordGroup[] {
  const resource = objectOr(ofResource.resource)
  return objectsIn(ofResource.scopeLogs).map(ofScope => {
    const scope = objectOr(ofScope.scope)
    const origin = Buffer.from(JSON.stringify([resource, scope]))
    checkOrigin(origin)
    return {
      resource,
      scope,
      origin,
      records: itemsIn(ofScope.logRecords).map(record => new JsonRecord(record)),
    }
  })
}

class JsonRecord {
  readonly #record: unknown

  constructor(record: unknown) {
    this.#record = record
  }

  get bytes(): Uint8Array {
    return Buffer.from(JSON.stringify(this.#record))
  }

  read(): Fields {
    if (!isObject(this.#record)) throw new TypeError('the record is no object')
    return this.#record
  }
}

const malformed = () => new RequestRefused('malformed', 'The body is no ExportLogsServiceRequest in JSON.')

/** A repeated field, which may be left out where it is empty. */
function itemsIn(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw malformed()
  return value
}

function objectsIn(value: unknown): readonly Fields[] {
  const items = itemsIn(value)
  if (!items.every(isObject)) throw malformed()
  return items
}

function objectOr(value: unknown): Fields | undefined {
  if (value === undefined || value === null) return undefined
  if (!isObject(value)) throw malformed()
  return value
}
