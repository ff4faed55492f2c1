import { type ChainedManifest, HEAD_FILE, headBytes, linkTo, sequenceGaps, unitOfName } from './chain.ts'
import type { Problem, ProblemKind } from './check.ts'
import { type Declared, MANIFEST_FILE, type ManifestLink } from './manifest.ts'
import { leadsTo } from './signing-key.ts'

export interface ChainVerdict {
  readonly problems: readonly Problem[]
  /** What the reports say of themselves: gaps that they declare. */
  readonly declared: readonly { readonly folder: string; readonly declared: Declared }[]
  readonly limits: readonly string[]
}

const WITHOUT_HEAD =
  'There is no chain.json beside the reports: that the newest reports were removed cannot be seen from the others.'
const HEAD =
  'Anyone who can write to the folder can remove the newest reports together with chain.json: keep the hash of the newest manifest elsewhere, and compare.'

/**
 * Pure: that the reports of a folder follow each other, and that none is missing unless one of them says so.
 *
 * @param head the newest report as it was noted; null without a note, `changed` where it cannot be read
 */
export function verifyChain(chain: readonly ChainedManifest[], head: ManifestLink | 'changed' | null): ChainVerdict {
  const inOrder = chain.toSorted((a, b) => a.manifest.sequence - b.manifest.sequence || (a.folder < b.folder ? -1 : 1))
  const declared = inOrder.flatMap(({ folder, manifest }) =>
    manifest.declared.map(each => ({ folder, declared: each })),
  )
  const said = declared.map(each => each.declared)
  return {
    problems: [
      ...inOrder.flatMap((each, index) => {
        const before = inOrder[index - 1]
        return before === undefined
          ? []
          : [...wrongLink(before, each), ...wrongTime(before, each), ...wrongKey(before, each)]
      }),
      ...missingReports(inOrder, said),
      ...missingPeriods(inOrder, said),
      ...inOrder.flatMap(each => wrongRevision(each, inOrder)),
      ...wrongHead(inOrder, head),
    ],
    declared,
    limits: [head === null ? WITHOUT_HEAD : HEAD],
  }
}

function problem(
  { folder }: { readonly folder: string },
  kind: ProblemKind,
  detail: string,
  difference: Partial<Problem> = {},
): Problem {
  return { kind, folder, file: MANIFEST_FILE, place: '', expected: '', found: '', detail, ...difference }
}

/** What is named as the report before has to be it. */
function wrongLink(before: ChainedManifest, each: ChainedManifest): readonly Problem[] {
  const { sequence, previous } = each.manifest
  if (sequence === before.manifest.sequence) {
    const detail = `it has the same place in the chain as ${before.folder}: one of the two was added`
    return [problem(each, 'chain', detail, { place: 'sequence', found: String(sequence) })]
  }
  if (sequence !== before.manifest.sequence + 1) return []
  if (previous?.sha256 === before.sha256) return []
  const detail = `${before.folder} is not the report that it names as the one before: one of the two was changed or replaced`
  return [
    problem(each, 'chain', detail, {
      place: 'previous / sha256',
      expected: before.sha256,
      found: previous?.sha256 ?? 'null',
    }),
  ]
}

function wrongTime(before: ChainedManifest, each: ChainedManifest): readonly Problem[] {
  const { generatedAt, declared } = each.manifest
  if (generatedAt >= before.manifest.generatedAt || declared.some(({ kind }) => kind === 'clock')) return []
  const detail = `it was made before ${before.folder}, which is the report before it: the clock was set back, or the order was changed`
  return [
    problem(each, 'clock', detail, {
      place: 'generatedAt',
      expected: `${before.manifest.generatedAt} or later`,
      found: generatedAt,
    }),
  ]
}

function wrongKey(before: ChainedManifest, each: ChainedManifest): readonly Problem[] {
  const earlier = before.manifest.key
  const later = each.manifest.key
  if (earlier === null || (later !== null && leadsTo(earlier, later, later.rotations))) return []
  const detail =
    later === null
      ? `it is not signed, and ${before.folder} is`
      : `it is signed by another key than ${before.folder}, and no rotation leads from one to the other`
  return [
    problem(each, 'key', detail, {
      place: 'key / fingerprint',
      expected: earlier.fingerprint,
      found: later?.fingerprint ?? 'null',
    }),
  ]
}

function missingReports(inOrder: readonly ChainedManifest[], declared: readonly Declared[]): readonly Problem[] {
  const gaps = sequenceGaps(inOrder.map(({ manifest }) => manifest.sequence))
  return gaps.flatMap(([from, to]) => {
    const after = inOrder.find(({ manifest }) => manifest.sequence === to)
    const missing = Array.from({ length: Math.min(to - from, 1_000) }, (_, index) => from + index).filter(
      sequence => !declared.some(each => isWithin(each, sequence)),
    )
    const [first] = missing
    if (after === undefined || first === undefined) return []
    const last = missing.at(-1)
    const detail = 'reports were removed from the chain, which no report declares'
    const expected = first === last ? `report ${first}` : `reports ${first} to ${last}`
    return [problem(after, 'chain', detail, { place: 'sequence', expected, found: 'none' })]
  })
}

const isWithin = ({ kind, from, to }: Declared, sequence: number): boolean =>
  kind === 'missing_report' && Number(from) <= sequence && sequence < Number(to)

/** Times between two periods of the same length about which there is no report. */
function missingPeriods(chain: readonly ChainedManifest[], declared: readonly Declared[]): readonly Problem[] {
  const byUnit = Map.groupBy(chain, ({ manifest }) => unitOfName(manifest.period.name))
  return [...byUnit.values()].flatMap(ofUnit => {
    const inOrder = ofUnit.toSorted((a, b) => (a.manifest.period.start < b.manifest.period.start ? -1 : 1))
    return inOrder.flatMap((each, index) => {
      const from = inOrder[index - 1]?.manifest.period.end ?? each.manifest.period.start
      const to = each.manifest.period.start
      const isDeclared = declared.some(gap => gap.kind === 'missing_period' && gap.from <= from && gap.to >= to)
      if (from >= to || isDeclared) return []
      const detail = 'no report is about the time before its period, which no report declares'
      return [problem(each, 'chain', detail, { place: 'period / start', expected: from, found: to })]
    })
  })
}

/** A later revision names the one that it replaces. */
function wrongRevision(each: ChainedManifest, chain: readonly ChainedManifest[]): readonly Problem[] {
  const { revision, replaces, period } = each.manifest
  if (revision === 1) return []
  const before = chain.find(
    ({ manifest }) => manifest.period.name === period.name && manifest.revision === revision - 1,
  )
  if (before === undefined || replaces?.sha256 === before.sha256) return []
  const detail = `${before.folder} is not the revision that it names as the one before`
  return [
    problem(each, 'chain', detail, {
      place: 'replaces / sha256',
      expected: before.sha256,
      found: replaces?.sha256 ?? 'null',
    }),
  ]
}

function wrongHead(inOrder: readonly ChainedManifest[], head: ManifestLink | 'changed' | null): readonly Problem[] {
  if (head === null) return []
  const file = HEAD_FILE
  const at = { folder: '' }
  if (head === 'changed') return [problem(at, 'chain', 'it was changed', { file })]
  const last = inOrder.at(-1)
  const noted = inOrder.find(({ manifest }) => manifest.sequence === head.sequence)
  if (noted === undefined) {
    const detail = `the newest report was removed: report ${head.sequence}, about ${head.period}`
    const found = last === undefined ? 'none' : `report ${last.manifest.sequence}`
    return [problem(at, 'chain', detail, { file, place: 'sequence', expected: `report ${head.sequence}`, found })]
  }
  const link = linkTo(noted)
  if (headBytes(link).equals(headBytes(head))) return []
  const detail = `${noted.folder} is not the report that was noted as the newest: one of the two was changed or replaced`
  const [expected, found] = [head, link].map(each => `${each.sha256}, report ${each.report}, ${each.period}`)
  return [problem(at, 'chain', detail, { file, place: 'sha256', expected: expected ?? '', found: found ?? '' })]
}
