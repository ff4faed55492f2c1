import { failureReason } from '../../core/errors.ts'
import type { Reading } from '../evidence/reading.ts'
import { digestOf } from '../model/digest.ts'
import type { EvidencePiece, Report } from '../model/report.ts'

/** Asks a store again what it was asked for a piece of evidence. */
export type ReadAgain = (piece: EvidencePiece, report: Report) => Promise<Reading>

/** What the store says now, compared with what the report says that it said. */
export type RecheckOutcome = keyof typeof reasons

const reasons = {
  same: 'the store gives the same result',
  late: 'there is more than when the report was made: documents that came late, or were added',
  fewer: 'there is less than when the report was made: documents were deleted, by lifecycle or by someone',
  gone: 'nothing is left of it: the index was deleted, by lifecycle or by someone, or the credentials may not read it',
  changed: 'there is as much as when the report was made, with another result: documents were changed',
  known_now: 'the store could not be read when the report was made, and can be now',
  not_read: 'the store cannot be read now',
  redacted: 'the report is redacted: it does not say what was asked',
} as const

export interface Rechecked {
  readonly evidence: string
  readonly title: string
  readonly outcome: RecheckOutcome
  /** Why, as far as counts can say it. */
  readonly why: string
  readonly before: Measured
  /** Null where the store could not be read. */
  readonly now: Measured | null
}

export interface Measured {
  readonly count: number
  readonly value: number | null
  /** Of the result. */
  readonly sha256: string
}

/** One piece after the other, so that a recheck loads the stores no more than the report did. */
export async function recheck(report: Report, readAgain: ReadAgain): Promise<readonly Rechecked[]> {
  const rechecked: Rechecked[] = []
  for (const piece of report.evidence) rechecked.push(await recheckPiece(piece, report, readAgain))
  return rechecked
}

async function recheckPiece(piece: EvidencePiece, report: Report, readAgain: ReadAgain): Promise<Rechecked> {
  if (report.redacted) return compared(piece, 'redacted', null)
  try {
    const { count, value, result } = await readAgain(piece, report)
    const now = { count, value, sha256: digestOf(result) }
    return compared(piece, outcomeOf(piece, now), now)
  } catch (error) {
    return compared(piece, 'not_read', null, failureReason(error))
  }
}

/** Pure. */
export function outcomeOf(piece: Pick<EvidencePiece, 'count' | 'sha256' | 'fault'>, now: Measured): RecheckOutcome {
  if (piece.fault !== '') return 'known_now'
  if (piece.sha256 === now.sha256) return 'same'
  if (now.count > piece.count) return 'late'
  if (now.count === piece.count) return 'changed'
  return now.count === 0 ? 'gone' : 'fewer'
}

function compared(piece: EvidencePiece, outcome: RecheckOutcome, now: Measured | null, detail = ''): Rechecked {
  const { id, title, count, value, sha256 } = piece
  const why = detail === '' ? reasons[outcome] : `${reasons[outcome]}: ${detail}`
  return { evidence: id, title, outcome, why, before: { count, value, sha256 }, now }
}
