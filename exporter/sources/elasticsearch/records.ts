import type { RawRecord } from '../source.ts'
import { createIdHash } from './id-hash.ts'
import type { Hit } from './page.ts'
import type { SeenIds } from './seen-ids.ts'
import { streamOf } from './stream.ts'

/** Longest text that is handed on, in UTF-16 units: what a decoder may take its time for. */
const LONGEST_TEXT = 131_072

/** What a page brought that counts. */
export interface Intake {
  readonly records: readonly RawRecord[]
  /** Documents that are too large to be handed on. */
  readonly oversized: number
  /** Documents that came again under an ingest time of their own. */
  readonly repeats: number
  readonly beyondHorizon: number
}

/** The documents of a page that were not read before. */
export function recordsOf(hits: readonly Hit[], seen: SeenIds, gateway: string | undefined): Partial<Intake> {
  const hashes = new Map<string, ReturnType<typeof createIdHash>>()
  const records: RawRecord[] = []
  let oversized = 0
  let repeats = 0
  for (const hit of hits) {
    let hash = hashes.get(hit.index)
    if (hash === undefined) {
      hash = createIdHash(`${streamOf(hit.index)}/`)
      hashes.set(hit.index, hash)
    }
    const sighting = seen.add(hash(hit.id), hit.ingestTime)
    if (sighting === 'repeat') repeats++
    if (sighting !== 'new') continue
    if (!isReadable(hit)) oversized++
    else records.push(gateway === undefined ? hit : { ...hit, gateway })
  }
  return { records, oversized, repeats }
}

function isReadable(hit: Hit): hit is Hit & Pick<RawRecord, 'body'> {
  return hit.body !== undefined && !isOversized(hit.body)
}

/** Texts deeper down are only read in part. */
export function isOversized(document: Readonly<Record<string, unknown>>): boolean {
  for (const key in document) {
    const value = document[key]
    if (typeof value === 'string' && value.length > LONGEST_TEXT) return true
  }
  return false
}
