import type { Decoder } from './decoder.ts'
import { createConsoleDecoder, createFileLogDecoder, createOtelLogDecoder } from './openclaw-file/decoder.ts'
import { createSecurityEventDecoder } from './security-event/decoder.ts'

/** The decoders of everything that OpenClaw itself writes, in the order of recognition. */
export function createOpenclawDecoders(): readonly Decoder[] {
  return [createSecurityEventDecoder(), createFileLogDecoder(), createConsoleDecoder(), createOtelLogDecoder()]
}
