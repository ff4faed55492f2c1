import generated from '@opentelemetry/otlp-transformer/build/src/generated/root.js'
import type { Delivery } from '../../../../exporter/contracts/source.ts'
import type { OtlpEncoding } from '../../../../exporter/web/api/otlp-answers.ts'

type Json = Readonly<Record<string, unknown>>

/** A message of the official package. */
interface Message {
  encode(value: object): { finish(): Uint8Array }
  decode(bytes: Uint8Array): object
  fromObject(value: object): object
  toObject(value: object, options: object): Json
}

interface LogsService {
  readonly ExportLogsServiceRequest: Message
  readonly ExportLogsServiceResponse: Message
}

const { ExportLogsServiceRequest, ExportLogsServiceResponse } = (
  generated as unknown as {
    readonly opentelemetry: { readonly proto: { readonly collector: { readonly logs: { readonly v1: LogsService } } } }
  }
).opentelemetry.proto.collector.logs.v1

/** A log record in the JSON encoding of OTLP. */
export type LogRecordJson = Json

/** Attributes in the JSON encoding, all texts. */
export const attributesOf = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).map(([key, value]) => ({ key, value: { stringValue: value } }))

/** An ExportLogsServiceRequest in the JSON encoding. */
export const requestOf = (
  logRecords: readonly LogRecordJson[],
  resource: Readonly<Record<string, string>> = { 'service.name': 'openclaw-gateway', 'service.instance.id': 'gw-1' },
): Json => ({
  resourceLogs: [
    {
      resource: { attributes: attributesOf(resource) },
      scopeLogs: [{ scope: { name: 'openclaw', version: '2026.9.6' }, logRecords }],
    },
  ],
})

/** The bytes of a request; in protobuf as the official package encodes them. */
export function encoded(request: Json, encoding: OtlpEncoding): Uint8Array {
  if (encoding === 'json') return Buffer.from(JSON.stringify(request))
  return Buffer.from(ExportLogsServiceRequest.encode(ExportLogsServiceRequest.fromObject(withBytes(request))).finish())
}

export const deliveryOf = (request: Json, encoding: OtlpEncoding): Delivery => ({
  encoding,
  body: encoded(request, encoding),
})

/** An ExportLogsServiceResponse, by the official package. */
export const decodedResponse = (bytes: Uint8Array): Json =>
  ExportLogsServiceResponse.toObject(ExportLogsServiceResponse.decode(bytes), { longs: Number })

const IDS: ReadonlySet<string> = new Set(['traceId', 'spanId'])

/** Ids are hexadecimal in OTLP's JSON, and bytes in protobuf. */
function withBytes(value: unknown): Json {
  const text = JSON.stringify(value)
  return JSON.parse(text, (key, inner) => (IDS.has(key) ? Buffer.from(inner, 'hex').toString('base64') : inner))
}

/** A security event as OpenClaw's plugin exports it (openclaw-logs.md 6.2), a sign-in at a time of its own. */
export const signIn = (number: number, more: Json = {}): LogRecordJson => ({
  timeUnixNano: String(1_795_392_000_000_000_000n + BigInt(number) * 1_000_000n),
  observedTimeUnixNano: String(1_795_392_000_000_000_000n + BigInt(number) * 1_000_000n + 5n),
  severityNumber: 13,
  severityText: 'WARN',
  body: { stringValue: 'openclaw.security.event' },
  traceId: '679337df250d9e4ff9f8fe6154e9091c',
  spanId: 'b343b3e142e394b1',
  attributes: attributesOf({
    'openclaw.security.event_id': `event-${number}`,
    'openclaw.security.category': 'auth',
    'openclaw.security.action': 'gateway.auth.succeeded',
    'openclaw.security.outcome': 'success',
    'openclaw.security.severity': 'low',
    'openclaw.security.actor.kind': 'operator',
    'openclaw.security.policy.id': 'gateway.websocket-auth',
    'openclaw.security.policy.decision': 'allow',
    'openclaw.security.attribute.auth_provided': 'token',
    'openclaw.security.attribute.auth_mode': 'token',
  }),
  ...more,
})

/** A line of a file as the Collector's receiver `filelog` sends it. */
export const lineOfFile = (line: string, time: number): LogRecordJson => ({
  timeUnixNano: '0',
  observedTimeUnixNano: `${time}000000`,
  body: { stringValue: line },
  attributes: attributesOf({ 'log.file.name': 'openclaw-2026-11-23.log' }),
})
