import type { FoundFile, Problem, VerifyOptions } from './check.ts'
import type { FoundReports } from './found-folders.ts'
import { readHead } from './head.ts'
import type { Declared, ManifestLink } from './manifest.ts'
import { type ChainVerdict, verifyChain } from './verify-chain.ts'
import { type ReportVerdict, verifyReport } from './verify-report.ts'

export interface Verification {
  readonly reports: readonly ReportVerdict[]
  /** Of the chain; those of a report are with it. */
  readonly problems: readonly Problem[]
  readonly declared: readonly { readonly folder: string; readonly declared: Declared }[]
  /** What this check cannot show, each sentence once. */
  readonly limits: readonly string[]
}

const ONE_REPORT =
  'One report was verified alone: whether others are missing shows only in the folder that holds all of them.'

/** Verifies one report, or all of a folder with their chain. */
export async function verify(found: FoundReports, options: VerifyOptions): Promise<Verification> {
  const reports: ReportVerdict[] = []
  for (const name of found.names) reports.push(await verifyReport(await found.read(name), options))
  const chain = found.isOne ? alone(reports) : verifyChain(chainOf(reports), headIn(found.head))
  const others = found.others.map(name => `${name} holds no report and was not examined.`)
  return {
    reports,
    problems: chain.problems,
    declared: chain.declared,
    limits: [...new Set([...reports.flatMap(({ limits }) => limits), ...chain.limits, ...others])],
  }
}

/** Everything that is wrong, with the reports first. */
export const problemsOf = ({ reports, problems }: Verification): readonly Problem[] => [
  ...reports.flatMap(report => report.problems),
  ...problems,
]

const chainOf = (reports: readonly ReportVerdict[]) =>
  reports.flatMap(({ folder, manifest, manifestHash }) =>
    manifest === null ? [] : [{ folder, manifest, sha256: manifestHash }],
  )

const alone = (reports: readonly ReportVerdict[]): ChainVerdict => ({
  problems: [],
  declared: chainOf(reports).flatMap(({ folder, manifest }) =>
    manifest.declared.map(declared => ({ folder, declared })),
  ),
  limits: [ONE_REPORT],
})

function headIn(file: FoundFile | undefined): ManifestLink | 'changed' | null {
  if (file === undefined) return null
  try {
    return 'bytes' in file ? readHead(file.bytes) : 'changed'
  } catch {
    return 'changed'
  }
}
