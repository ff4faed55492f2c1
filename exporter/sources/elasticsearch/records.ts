import type { RawRecord } from '../source.ts'
import { type Hit, parsed } from './hit.ts'
import { IdHasher } from './id-hash.ts'
import type { SeenIds } from './seen-ids.ts'
import type { Sieve } from './sieve.ts'
import { streamOf } from './stream.ts'

/** Longest text that is handed on, in UTF-16 units: what a decoder may take its time for. */
const LONGEST_TEXT = 131_072

/** What a page brought that counts. */
export interface Intake {
  readonly records: readonly RawRecord[]
  /** Documents that no decoder can make anything of, which were not parsed. */
  readonly skipped: number
  /** Documents that are too large to be handed on. */
  readonly oversized: number
  /** Documents that came again under an ingest time of their own. */
  readonly repeats: number
  readonly beyondHorizon: number
}

/** How the documents of a source are taken in. */
export interface Intaking {
  readonly seen: SeenIds
  readonly sieve: Sieve
  readonly gateway: string | undefined
}

/** The documents of a page that were not read before. */
export function recordsOf(hits: readonly Hit[], { seen, sieve, gateway }: Intaking): Partial<Intake> {
  const hashers = new Hashers()
  const records: RawRecord[] = []
  let newestSkipped: Hit | undefined
  let skipped = 0
  let oversized = 0
  let repeats = 0
  for (const hit of hits) {
    const sighting = seen.add(hashers.of(hit.index).ofJson(hit.bytes, hit.idStart, hit.idEnd), hit.ingestTime)
    if (sighting === 'repeat') repeats++
    if (sighting !== 'new') continue
    if (isTooLarge(hit)) oversized++
    else if (sieve.mustBeRead(hit)) records.push(recordOf(hit, gateway))
    else {
      skipped++
      if (newestSkipped === undefined || hit.ingestTime > newestSkipped.ingestTime) newestSkipped = hit
    }
  }
  if (newestSkipped !== undefined) {
    // One of them is read, so that the time of the newest record is known where nothing happens.
    skipped--
    records.push(recordOf(newestSkipped, gateway))
  }
  return { records, skipped, oversized, repeats }
}

/** A hasher for each index; hundreds of documents in a row are of the same one. */
class Hashers {
  readonly #known = new Map<string, IdHasher>()
  #index: string | undefined
  #hasher = new IdHasher()

  of(index: string): IdHasher {
    if (index === this.#index) return this.#hasher
    this.#index = index
    this.#hasher = this.#known.get(index) ?? new IdHasher(`${streamOf(index)}/`)
    this.#known.set(index, this.#hasher)
    return this.#hasher
  }
}

function recordOf(hit: Hit, gateway: string | undefined): RawRecord {
  const { bytes, ingestTime } = hit
  const id = parsed(bytes, hit.idStart, hit.idEnd) as string
  const record = { id, body: bodyOf(hit), ingestTime }
  return gateway === undefined ? record : { ...record, gateway }
}

function bodyOf({ bytes, sourceStart, sourceEnd }: Hit): Readonly<Record<string, unknown>> {
  return parsed(bytes, sourceStart, sourceEnd) as Readonly<Record<string, unknown>>
}

function isTooLarge(hit: Hit): boolean {
  if (hit.sourceEnd === 0) return true
  return hit.sourceEnd - hit.sourceStart > LONGEST_TEXT && isOversized(bodyOf(hit))
}

/** Texts deeper down are only read in part. */
export function isOversized(document: Readonly<Record<string, unknown>>): boolean {
  return Object.values(document).some(value => typeof value === 'string' && value.length > LONGEST_TEXT)
}
