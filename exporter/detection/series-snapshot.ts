import type { AnomalyEpisodes } from './anomaly-episodes.ts'
import type { EntityKind } from './model/series/minute-input.ts'
import type { ScorePoint } from './recent-scores.ts'

/** Everything of one scored series, as one blob of the state database. */
export interface SeriesSnapshot {
  readonly scorer: Uint8Array
  readonly entities: readonly (readonly [EntityKind, Uint8Array])[]
  readonly episodes: ReturnType<AnomalyEpisodes['saved']>
  readonly trail: readonly ScorePoint[]
}

interface Header extends Pick<SeriesSnapshot, 'episodes' | 'trail'> {
  readonly scorer: number
  readonly entities: readonly (readonly [EntityKind, number])[]
}

const LENGTH_BYTES = 4

/** Length of the header, the header as JSON with the lengths of the parts, then the parts. */
export function encodeSnapshot({ scorer, entities, episodes, trail }: SeriesSnapshot): Uint8Array {
  const header: Header = {
    scorer: scorer.length,
    entities: entities.map(([kind, { length }]) => [kind, length]),
    episodes,
    trail,
  }
  const text = new TextEncoder().encode(JSON.stringify(header))
  const parts = [text, scorer, ...entities.map(([, bytes]) => bytes)]
  const blob = new Uint8Array(parts.reduce((sum, { length }) => sum + length, LENGTH_BYTES))
  new DataView(blob.buffer).setUint32(0, text.length, true)
  let at = LENGTH_BYTES
  for (const part of parts) {
    blob.set(part, at)
    at += part.length
  }
  return blob
}

/** Undefined where the bytes are no snapshot; the scorer validates its own part. */
export function decodeSnapshot(blob: Uint8Array): SeriesSnapshot | undefined {
  try {
    const length = new DataView(blob.buffer, blob.byteOffset, blob.byteLength).getUint32(0, true)
    let at = LENGTH_BYTES
    const take = (bytes: number) => {
      at += bytes
      return blob.subarray(at - bytes, at)
    }
    const header = JSON.parse(new TextDecoder().decode(take(length))) as Header
    const scorer = take(header.scorer)
    const entities = header.entities.map(([kind, bytes]) => [kind, take(bytes)] as const)
    return { scorer, entities, episodes: header.episodes, trail: header.trail }
  } catch {
    return undefined
  }
}
