import type { Decoder } from '../dialect.ts'
import { createAccessLogDecoder } from './access-log.ts'
import { createErrorLogDecoder } from './error-log.ts'

/** The decoders of both logs of nginx. */
export function createNginxDecoders(): readonly Decoder[] {
  return [createAccessLogDecoder(), createErrorLogDecoder()]
}
