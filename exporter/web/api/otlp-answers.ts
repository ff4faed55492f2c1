import protobuf from 'protobufjs/minimal.js'

/** The encodings of OTLP over HTTP, by the content type of a request; an answer has that of its request. */
export const otlpEncodings = { 'application/x-protobuf': 'protobuf', 'application/json': 'json' } as const
export type OtlpEncoding = (typeof otlpEncodings)[keyof typeof otlpEncodings]

export interface OtlpAnswer {
  readonly contentType: string
  readonly body: Buffer
}

/** The encoding of this value of `Content-Type`; undefined where it is none of OTLP. */
export function otlpEncoding(contentType: string | undefined): OtlpEncoding | undefined {
  const type = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
  return Object.hasOwn(otlpEncodings, type) ? otlpEncodings[type as keyof typeof otlpEncodings] : undefined
}

/**
 * ExportLogsServiceResponse (opentelemetry-proto, collector/logs/v1/logs_service.proto). Without rejected records it is
 * empty: `partial_success` must not be set then.
 */
export function exportResponse(encoding: OtlpEncoding, rejected: number, sentence: string): OtlpAnswer {
  if (encoding === 'json') {
    return json(rejected === 0 ? {} : { partialSuccess: { rejectedLogRecords: `${rejected}`, errorMessage: sentence } })
  }
  if (rejected === 0) return bytes(protobuf.Writer.create())
  return bytes(
    protobuf.Writer.create().uint32(tag(1)).fork().uint32(8).int64(rejected).uint32(tag(2)).string(sentence).ldelim(),
  )
}

/**
 * google.rpc.Status, the body of every answer that is an error.
 *
 * @param code google.rpc.Code
 */
export function errorStatus(encoding: OtlpEncoding, code: number, message: string): OtlpAnswer {
  if (encoding === 'json') return json({ code, message })
  return bytes(protobuf.Writer.create().uint32(8).int32(code).uint32(tag(2)).string(message))
}

/** The codes of google.rpc.Code that answers over HTTP stand for (google/rpc/code.proto). */
const codes: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  404: 5,
  413: 8,
  415: 3,
  421: 9,
  429: 8,
  503: 14,
}
const INTERNAL = 13

/** google.rpc.Code of an answer with this status. */
export const codeOf = (status: number): number => codes[status] ?? INTERNAL

/** Of a field with a length. */
const tag = (field: number) => (field << 3) | 2

const json = (value: object): OtlpAnswer => ({
  contentType: 'application/json',
  body: Buffer.from(JSON.stringify(value)),
})
const bytes = (writer: protobuf.Writer): OtlpAnswer => ({
  contentType: 'application/x-protobuf',
  body: Buffer.from(writer.finish()),
})
