import type { Decoder } from './dialect.ts'
import { createEcsDecoder } from './ecs/decoder.ts'
import { createNginxDecoders } from './nginx/decoders.ts'
import { createOpenclawDecoders } from './openclaw.ts'

/** Every decoder, in the order of recognition: OpenClaw's own record goes before what a pipeline made of it. */
export function createDecoders(): readonly Decoder[] {
  return [...createOpenclawDecoders(), ...createNginxDecoders(), createEcsDecoder()]
}
