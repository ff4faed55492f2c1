import { Fault, failureReason } from '../../core/errors.ts'
import { sha256 } from '../model/digest.ts'
import type { Report } from '../model/report.ts'
import { readReport } from '../model/report-schema.ts'
import { REPORT_FILE } from '../render/data/json.ts'
import { folderName } from './chain.ts'
import { bytesOf, type Check, type FoundFolder, type Problem, problem, type VerifyOptions } from './check.ts'
import { readJson } from './json-text.ts'
import { MANIFEST_FILE, type Manifest, readManifest } from './manifest.ts'
import { checkEvidence, checkFiles, checkModel } from './verify-files.ts'
import { checkForms } from './verify-forms.ts'
import { checkJudgement } from './verify-judgement.ts'
import { checkSignature } from './verify-signature.ts'

export interface ReportVerdict {
  readonly folder: string
  readonly manifest: Manifest | null
  /** SHA-256 of the bytes of the manifest; empty without one. */
  readonly manifestHash: string
  readonly report: Report | null
  readonly problems: readonly Problem[]
  /** What the check cannot show, sentences. */
  readonly limits: readonly string[]
}

/** Pure: checks one report by its own folder alone. */
export async function verifyReport(folder: FoundFolder, options: VerifyOptions): Promise<ReportVerdict> {
  const check: Check = { folder, options, problems: [], limits: [] }
  const manifest = manifestIn(check)
  const report = reportIn(check)
  if (manifest !== null) {
    checkSignature(check, manifest)
    checkFiles(check, manifest)
    checkName(check, manifest)
  }
  if (report !== null) {
    checkEvidence(check, report, manifest)
    if (manifest !== null) checkModel(check, report, manifest)
    await checkForms(check, report, manifest)
    checkJudgement(check, report)
  }
  const bytes = bytesOf(check, MANIFEST_FILE)
  return {
    folder: folder.folder,
    manifest,
    manifestHash: bytes === undefined ? '' : sha256(bytes),
    report,
    problems: check.problems,
    limits: check.limits,
  }
}

function manifestIn(check: Check): Manifest | null {
  const bytes = bytesOf(check, MANIFEST_FILE)
  if (bytes === undefined) {
    const refused = check.folder.files.get(MANIFEST_FILE)
    const why = refused !== undefined && 'refused' in refused ? refused.refused : 'is missing'
    problem(check, 'manifest', MANIFEST_FILE, `the manifest ${why}: nothing says what the report was`)
    return null
  }
  try {
    return readManifest(bytes)
  } catch (error) {
    problem(check, 'manifest', MANIFEST_FILE, `the manifest was changed: ${failureReason(error)}`)
    return null
  }
}

function reportIn(check: Check): Report | null {
  const bytes = bytesOf(check, REPORT_FILE)
  if (bytes === undefined) return null
  try {
    return readReport(readJson(bytes))
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    problem(check, 'changed', REPORT_FILE, failureReason(error))
    return null
  }
}

function checkName(check: Check, { period, revision }: Manifest): void {
  const expected = folderName(period, revision)
  const found = check.folder.folder.split('/').at(-1) ?? ''
  if (found === expected) return
  problem(check, 'chain', '', 'the folder has the name of another report', {
    place: 'name of the folder',
    expected,
    found,
  })
}
