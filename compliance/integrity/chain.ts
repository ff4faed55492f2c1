import { canonical } from '../model/digest.ts'
import type { Report } from '../model/report.ts'
import type { Declared, Manifest, ManifestLink } from './manifest.ts'

/** Beside the reports: the newest of them, so that it can be seen that it is gone. */
export const HEAD_FILE = 'chain.json'

/** A manifest with the hash of its bytes, and the folder in which it is. */
export interface ChainedManifest {
  readonly folder: string
  readonly manifest: Manifest
  readonly sha256: string
}

/** Name of the folder of a report: `2026-11`, `2026-11-r2`. */
export const folderName = ({ name }: Manifest['period'], revision: number): string => {
  const safe = name.replace(/[^A-Za-z0-9-]/g, '_').slice(0, 64) || 'report'
  return revision === 1 ? safe : `${safe}-r${revision}`
}

export const linkTo = ({ manifest, sha256 }: ChainedManifest): ManifestLink => ({
  report: manifest.report,
  period: manifest.period.name,
  revision: manifest.revision,
  sequence: manifest.sequence,
  sha256,
})

export const headBytes = (head: ManifestLink): Buffer => Buffer.from(`${canonical({ ...head })}\n`)

/** Periods that follow each other: those whose names differ in their digits only. */
export const unitOfName = (name: string): string => name.replace(/\d/g, '9')

/** The place in the chain of a report that is about to be written. */
export interface NextPlace {
  readonly revision: number
  readonly sequence: number
  readonly previous: ManifestLink | null
  readonly replaces: ManifestLink | null
  readonly declared: readonly Declared[]
}

/** What a folder holds before a report is written to it. */
export interface ReportsThere {
  readonly known: readonly ChainedManifest[]
  /** The newest report as it was noted; null where there is no note. */
  readonly head: ManifestLink | null
  /** Names in the folder: one that is taken is never replaced, whatever it is. */
  readonly names: ReadonlySet<string>
}

/**
 * Pure. Of a chain with holes the report says so itself: what is declared is no finding of a later check.
 *
 * @param missed times without a report, as far as the caller knows why
 */
export function nextPlace(
  { period, generatedAt }: Report,
  { known, head, names }: ReportsThere,
  missed: readonly Declared[] = [],
): NextPlace {
  const inOrder = known.toSorted((a, b) => a.manifest.sequence - b.manifest.sequence)
  const last = inOrder.at(-1)
  const newest = last === undefined ? null : linkTo(last)
  const previous = head !== null && head.sequence > (newest?.sequence ?? 0) ? head : newest
  const sequence = (previous?.sequence ?? 0) + 1
  const samePeriod = known.filter(({ manifest }) => manifest.period.name === period.name)
  const replaced = samePeriod.toSorted((a, b) => a.manifest.revision - b.manifest.revision).at(-1)
  let revision = (replaced?.manifest.revision ?? 0) + 1
  while (names.has(folderName(period, revision))) revision++
  return {
    revision,
    sequence,
    previous,
    replaces: replaced === undefined ? null : linkTo(replaced),
    declared: [
      ...missingReports(inOrder, sequence),
      ...missed,
      ...(missed.length > 0 ? [] : missingPeriods(period, known)),
      ...wrongTimes(period, generatedAt, last),
    ],
  }
}

/** Sequence numbers before this one of which there is no report. */
function missingReports(inOrder: readonly ChainedManifest[], sequence: number): readonly Declared[] {
  const reason = 'The reports were no longer in the folder when this one was made.'
  return sequenceGaps([...inOrder.map(({ manifest }) => manifest.sequence), sequence]).map(([from, to]) => ({
    kind: 'missing_report',
    from: String(from),
    to: String(to),
    reason,
  }))
}

/** Where numbers from 1 on have holes, as [first, first after]. */
export function sequenceGaps(inOrder: readonly number[]): readonly (readonly [number, number])[] {
  return inOrder.flatMap((number, index) => {
    const expected = (inOrder[index - 1] ?? 0) + 1
    return number > expected ? [[expected, number] as const] : []
  })
}

/** The time between this period and the one before it, of the same length, if no report is about it. */
function missingPeriods(period: Report['period'], known: readonly ChainedManifest[]): readonly Declared[] {
  const before = known
    .map(({ manifest }) => manifest.period)
    .filter(({ name, end }) => unitOfName(name) === unitOfName(period.name) && end <= period.start)
    .map(({ end }) => end)
    .toSorted()
    .at(-1)
  if (before === undefined || before === period.start) return []
  return [{ kind: 'missing_period', from: before, to: period.start, reason: 'No report was made about this time.' }]
}

function wrongTimes(
  period: Report['period'],
  generatedAt: string,
  last: ChainedManifest | undefined,
): readonly Declared[] {
  const before = last?.manifest.generatedAt ?? generatedAt
  return [
    ...(generatedAt < before
      ? [{ kind: 'clock', from: generatedAt, to: before, reason: 'The report before has a later time.' } as const]
      : []),
    ...(generatedAt < period.end
      ? [{ kind: 'early', from: generatedAt, to: period.end, reason: 'The period had not ended.' } as const]
      : []),
  ]
}
