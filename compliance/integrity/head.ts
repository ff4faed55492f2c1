import { Fault } from '../../core/errors.ts'
import { headBytes } from './chain.ts'
import { readJson } from './json-text.ts'
import { linkSchema, type ManifestLink } from './manifest.ts'

/** @throws Fault unless the bytes are a note of the newest report, in exactly its form */
export function readHead(bytes: Uint8Array): ManifestLink {
  const result = linkSchema.safeParse(readJson(bytes))
  if (!result.success || !headBytes(result.data).equals(bytes)) throw new Fault('it is not a note of the newest report')
  return result.data
}
