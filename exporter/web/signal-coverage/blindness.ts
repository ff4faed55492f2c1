import type { SignalName } from '../../../core/signals.ts'
import type { Reporter } from '../../../decoding/dialects/reporter.ts'
import type { CoveredSource } from './covered-source.ts'

/** Why a signal is blind. */
export const blindCodes = {
  no_source: 'no source reads records of a dialect that reports it',
  source_down: 'a source that may report it cannot be read',
  nothing_read: 'a source has read nothing yet',
  nothing_recognised: 'no record that a source has read is in a known format',
  not_authoritative: 'the records that report it are of a stream that is not authoritative for it',
} as const
export type BlindCode = keyof typeof blindCodes

export interface BlindReason {
  readonly code: BlindCode
  /** Absent where it is about all sources. */
  readonly source?: string
  /** What is wrong, for a person; it may contain names of files. */
  readonly sentence: string
}

/** Where recordings are played: their records say nothing about the host. */
export const recordingsOnly: BlindReason = {
  code: 'no_source',
  sentence: 'Only recordings are played; nothing of this host is read.',
}

/** One reason for each source that is known to report it; without one, that no source does, and which may. */
export function whyBlind(
  reported: readonly SignalName[],
  reports: readonly Reporter[],
  sources: readonly CoveredSource[],
): readonly BlindReason[] {
  const reasons = sources.flatMap(source => reasonOf(source, reported, reports) ?? [])
  const isKnown = sources.some(({ dialects }) => reports.some(({ name }) => dialects.has(name)))
  if (isKnown && reasons.length > 0) return reasons
  return [{ code: 'no_source', sentence: 'No source reads records that report it.' }, ...reasons]
}

function reasonOf(
  { name: source, signals, up, reason, isRecognised, dialects }: CoveredSource,
  reported: readonly SignalName[],
  reports: readonly Reporter[],
): BlindReason | undefined {
  const read = reports.filter(dialect => dialects.has(dialect.name))
  // A source whose records are all of other dialects, or move other signals only, is no reason.
  if (read.length === 0 && dialects.size > 0) return undefined
  if (signals !== undefined && !reported.some(signal => signals.includes(signal))) return undefined
  if (!up)
    return { code: 'source_down', source, sentence: `The source ${source} is down: ${reason ?? 'no reason reported'}` }
  if (isRecognised === false) {
    return {
      code: 'nothing_recognised',
      source,
      sentence: `Nothing that the source ${source} read is in a known format.`,
    }
  }
  if (isRecognised === undefined) {
    return { code: 'nothing_read', source, sentence: `The source ${source} has not been read yet.` }
  }
  const withheld = read.find(dialect => reported.some(signal => dialects.get(dialect.name)?.has(signal)))
  if (withheld === undefined) return undefined
  return {
    code: 'not_authoritative',
    source,
    sentence: `The source ${source} reads it in records of ${withheld.name}, whose stream is not authoritative for it: set exporter.authority.`,
  }
}
