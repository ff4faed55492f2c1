import { anomalyConstants } from '../constants.ts'
import { hashBytes, hashText } from './hash.ts'
import { StateReader } from './state-reader.ts'
import { StateWriter } from './state-writer.ts'

/** Why a snapshot was not taken: the caller drops it, says so once, and rebuilds from the kept minute counts. */
export type SnapshotRefusal = 'version' | 'constants' | 'damaged' | 'kind'

export type SnapshotContent =
  | { readonly state: StateReader; readonly refused?: never }
  | { readonly state?: never; readonly refused: SnapshotRefusal }

const MAGIC = 0x43544153 // "CTAS"
const HEADER_BYTES = 20
/** Hash of all constants of the scorer: states of other constants must never be mixed in. */
const CONSTANTS_HASH = hashText(JSON.stringify(anomalyConstants))

/**
 * Wraps a state as: magic, layout version, hash of the constants, hash of the kind, checksum of the state, state.
 * @param kind which scorer the state belongs to, for instance `series`
 */
export function wrapSnapshot(kind: string, state: Uint8Array): Uint8Array {
  const header = new StateWriter()
  header.u32(MAGIC)
  header.u32(anomalyConstants.snapshotVersion)
  header.u32(CONSTANTS_HASH)
  header.u32(hashText(kind))
  header.u32(hashBytes(state))
  const wrapped = new Uint8Array(HEADER_BYTES + state.length)
  wrapped.set(header.bytes())
  wrapped.set(state, HEADER_BYTES)
  return wrapped
}

/** What was read of a state; undefined where it is damaged although its checksum fits: cut, or with an impossible number. */
export function readState<State>(read: () => State): State | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** Opens a snapshot if it is whole and was written by code with the same layout and the same constants. */
export function openSnapshot(kind: string, snapshot: Uint8Array): SnapshotContent {
  if (snapshot.length < HEADER_BYTES) return { refused: 'damaged' }
  const header = new StateReader(snapshot)
  const state = snapshot.subarray(HEADER_BYTES)
  if (header.u32() !== MAGIC) return { refused: 'damaged' }
  if (header.u32() !== anomalyConstants.snapshotVersion) return { refused: 'version' }
  if (header.u32() !== CONSTANTS_HASH) return { refused: 'constants' }
  if (header.u32() !== hashText(kind)) return { refused: 'kind' }
  if (header.u32() !== hashBytes(state)) return { refused: 'damaged' }
  return { state: new StateReader(state) }
}
