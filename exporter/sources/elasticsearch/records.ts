import type { EpochMs } from '../../../core/clock.ts'
import type { OpenDocument } from '../../../decoding/toolkit/record.ts'
import type { Place, SourceRecord } from '../../contracts/source.ts'
import type { RecentIds } from '../recent-ids/recent-ids.ts'
import { type Hit, parsed, parsedText } from './hit.ts'
import { IdHasher } from './id-hash.ts'
import type { Prefilter } from './prefilter.ts'
import { streamOf } from './stream.ts'
import type { Window } from './window.ts'

/** Longest text that is handed on, in UTF-16 units: what a decoder may take its time for. */
const MAX_TEXT_LENGTH = 131_072

/** What a page brought that counts. */
export interface Intake {
  readonly records: readonly SourceRecord[]
  /** Documents that no decoder can make anything of, which were not parsed. */
  readonly skipped: number
  /** Documents that are too large to be handed on. */
  readonly oversized: number
  /** Documents that came again under a newer ingest time. */
  readonly repeats: number
  readonly beyondHorizon: number
  /** Indices of the skipped documents. */
  readonly recognised: readonly Place[]
}

/** How the documents of a source are taken in. */
export interface Intaking {
  readonly recentIds: RecentIds
  readonly prefilter: Prefilter
  readonly gateway: string | undefined
  readonly open?: OpenDocument | undefined
  /** Events of a document with this ingest time count if they are not older than the answer; undefined: all do. */
  readonly countsFrom?: (ingestTime: EpochMs) => EpochMs | undefined
}

/** The documents of a page of this window that were not read before. */
export function recordsOf(hits: readonly Hit[], window: Window, intake: Intaking): Partial<Intake> {
  const { recentIds, prefilter } = intake
  const hashers = new Hashers()
  const places = new Places()
  const records: SourceRecord[] = []
  let newestSkipped: Hit | undefined
  let skipped = 0
  let oversized = 0
  let repeats = 0
  for (const hit of hits) {
    const ingestTime = within(window, hit.ingestTime)
    const state = recentIds.add(hashers.of(hit.index).ofJson(hit.bytes, hit.idStart, hit.idEnd), ingestTime)
    if (state === 'repeat') repeats++
    if (state !== 'new') continue
    if (isTooLarge(hit)) oversized++
    else if (prefilter.mustParse(hit)) records.push(recordOf(hit, places, intake))
    else {
      skipped++
      places.recognise(hit.index)
      if (newestSkipped === undefined || hit.ingestTime > newestSkipped.ingestTime) newestSkipped = hit
    }
  }
  if (newestSkipped !== undefined) {
    // One of them is read, so that the time of the newest record is known where nothing happens.
    skipped--
    records.push(recordOf(newestSkipped, places, intake))
  }
  return { records, skipped, oversized, repeats, recognised: places.recognised }
}

/**
 * Of a document with several ingest times an answer contains the oldest, which need not be the one by which it was
 * found.
 */
function within({ after, through }: Window, ingestTime: EpochMs): EpochMs {
  return Math.min(through, Math.max(after + 1, ingestTime))
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

/** The indices of a page. */
class Places {
  readonly #recognised = new Set<Place>()
  readonly #known = new Map<string, Place>()
  #last: Place | undefined

  of(index: string): Place {
    if (this.#last?.name === index) return this.#last
    const place = this.#known.get(index) ?? ({ kind: 'index', name: index } as const)
    this.#known.set(index, place)
    this.#last = place
    return place
  }

  /** The prefilter skips only what has the marks of a dialect. */
  recognise(index: string): void {
    this.#recognised.add(this.of(index))
  }

  get recognised(): readonly Place[] {
    return [...this.#recognised]
  }
}

function recordOf(hit: Hit, places: Places, { gateway, open, countsFrom }: Intaking): SourceRecord {
  const { bytes, ingestTime } = hit
  const id = parsedText(bytes, hit.idStart, hit.idEnd)
  const body = bodyOf(hit)
  const from = countsFrom?.(ingestTime)
  const place = places.of(hit.index)
  const record =
    from === undefined ? { id, body, place, ingestTime } : { id, body, place, ingestTime, countsFrom: from }
  const named = gateway === undefined ? record : { ...record, gateway }
  return open === undefined ? named : { ...named, open }
}

function bodyOf({ bytes, sourceStart, sourceEnd }: Hit): Readonly<Record<string, unknown>> {
  return parsed(bytes, sourceStart, sourceEnd) as Readonly<Record<string, unknown>>
}

function isTooLarge(hit: Hit): boolean {
  if (hit.sourceEnd === 0) return true
  return hit.sourceEnd - hit.sourceStart > MAX_TEXT_LENGTH && isOversized(bodyOf(hit))
}

/** Texts deeper down are only read in part. */
export function isOversized(document: Readonly<Record<string, unknown>>): boolean {
  return Object.values(document).some(value => typeof value === 'string' && value.length > MAX_TEXT_LENGTH)
}
