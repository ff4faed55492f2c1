import type { Fields } from '../../../decoding/toolkit/fields.ts'

/** Decodes one message of a kind. @throws Error where the bytes are no such message */
export interface MessageType {
  decode(bytes: Uint8Array): Fields
}

/** The messages of OTLP that are decoded as a whole, by their names in opentelemetry-proto. */
export interface OtlpMessages {
  readonly LogRecord: MessageType
  readonly Resource: MessageType
  readonly InstrumentationScope: MessageType
}

/** The part of the generated module that is used here; its own types say only that it is some root. */
interface GeneratedRoot {
  readonly opentelemetry: {
    readonly proto: {
      readonly common: { readonly v1: Pick<OtlpMessages, 'InstrumentationScope'> }
      readonly resource: { readonly v1: Pick<OtlpMessages, 'Resource'> }
      readonly logs: { readonly v1: Pick<OtlpMessages, 'LogRecord'> }
    }
  }
}

/**
 * The decoders that OpenTelemetry generated of its protocol: the last release of its package that contains them
 * (docs/adr/0017-otlp-by-the-generated-decoder.md). They take about 25 MiB.
 */
export async function loadMessages(): Promise<OtlpMessages> {
  const { default: root } = await import('@opentelemetry/otlp-transformer/build/src/generated/root.js')
  const { common, resource, logs } = (root as unknown as GeneratedRoot).opentelemetry.proto
  return { ...common.v1, ...resource.v1, ...logs.v1 }
}
