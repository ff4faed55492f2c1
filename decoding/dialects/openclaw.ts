import type { Decoder } from './dialect.ts'
import { createConsoleDecoder, createFileLogDecoder, createOtelLogDecoder } from './openclaw-log/decoder.ts'
import { createSecurityEventDecoder } from './openclaw-security-event/decoder.ts'

/** The decoders of everything that OpenClaw itself writes, in the order of recognition. */
export function createOpenclawDecoders(): readonly Decoder[] {
  return [createSecurityEventDecoder(), createFileLogDecoder(), createConsoleDecoder(), createOtelLogDecoder()]
}
