import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '@jest/globals'
import type { Problem, VerifyOptions } from '../../../compliance/integrity/check.ts'
import { type Manifest, manifestBytes, manifestOf, readManifest } from '../../../compliance/integrity/manifest.ts'
import { withPageTexts } from '../../../compliance/integrity/pdf-text.ts'
import { problemsOf } from '../../../compliance/integrity/verify.ts'
import { judgeAgain } from '../../../compliance/model/judge-again.ts'
import type { ControlResult, EvidencePiece, Report } from '../../../compliance/model/report.ts'
import { jsonRenderer } from '../../../compliance/render/data/json.ts'
import { filesOf, temporaryRoot, verified } from './stored-reports.ts'

export type Tamper = (root: string) => void | Promise<void>

/** What is found in a copy of a folder of reports that was tampered with. */
export async function tamperedCopy(
  from: string,
  change: Tamper,
  options: Partial<VerifyOptions> = {},
): Promise<readonly Problem[]> {
  const root = temporaryRoot()
  cpSync(from, root, { recursive: true })
  try {
    await change(root)
    return problemsOf(await verified(root, options))
  } finally {
    rmSync(join(root, '..'), { recursive: true })
  }
}

export const NOVEMBER = '2026-11'

export function edit(root: string, file: string, change: (text: string) => string, folder = NOVEMBER): void {
  const path = join(root, folder, file)
  const before = readFileSync(path, 'latin1')
  const after = change(before)
  expect(after).not.toBe(before)
  writeFileSync(path, after, 'latin1')
}

export const reportIn = (root: string): Report => JSON.parse(readFileSync(join(root, NOVEMBER, 'report.json'), 'utf8'))

export async function editReport(root: string, change: (report: Report) => Report): Promise<void> {
  writeFileSync(join(root, NOVEMBER, 'report.json'), await jsonRenderer.render(change(reportIn(root))))
}

export const editControl = (control: string, change: Partial<ControlResult>) => (report: Report) => ({
  ...report,
  controls: report.controls.map(each => (each.control === control ? { ...each, ...change } : each)),
})

export const editEvidence = (id: string, change: Partial<EvidencePiece>) => (report: Report) => ({
  ...report,
  evidence: report.evidence.map(each => (each.id === id ? { ...each, ...change } : each)),
})

/** What an attacker does who knows how reports are judged: what follows from the evidence fits it. */
export const judged = (report: Report): Report => ({ ...report, ...judgeAgain(report) })

/** What an attacker does who knows how reports are made: every form again, and a manifest that fits. */
export async function forge(
  root: string,
  change: (report: Report) => Report,
  place: Partial<Manifest> = {},
): Promise<void> {
  const report = change(reportIn(root))
  const files = withPageTexts(await filesOf(report))
  const before = readManifest(readFileSync(join(root, NOVEMBER, 'manifest.json')))
  for (const { name, bytes } of files) writeFileSync(join(root, NOVEMBER, name), bytes)
  const manifest = manifestOf(report, files, { ...before, ...place })
  writeFileSync(join(root, NOVEMBER, 'manifest.json'), manifestBytes(manifest))
}
