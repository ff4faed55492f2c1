import { digestOf, sha256 } from '../model/digest.ts'
import type { Report } from '../model/report.ts'
import { canonicalReport, REPORT_FILE } from '../render/data/json.ts'
import { bytesOf, type Check, problem } from './check.ts'
import { MANIFEST_FILE, type Manifest, type ManifestFile, SIGNATURE_FILE } from './manifest.ts'
import { type FilePart, modelParts } from './model-parts.ts'
import { pageDifferences, pageParts, pagesFileOf } from './pdf-text.ts'

/** Every file by its hash, and that there are no others. */
export function checkFiles(check: Check, manifest: Manifest): void {
  const named = new Map(manifest.files.map(file => [file.name, file]))
  for (const file of named.values()) {
    const found = check.folder.files.get(file.name)
    if (found === undefined) problem(check, 'missing', file.name, 'the manifest names it, but it is missing')
    else if ('refused' in found) problem(check, 'changed', file.name, `it ${found.refused}`)
    else checkFile(check, file, found.bytes)
  }
  for (const name of check.folder.files.keys()) {
    if (named.has(name) || name === MANIFEST_FILE || name === SIGNATURE_FILE) continue
    problem(check, 'added', name, 'the manifest does not name it')
  }
}

/** The bytes by their hash. What has parts says which of them is another one. */
function checkFile(check: Check, file: ManifestFile, bytes: Uint8Array): void {
  const found = sha256(bytes)
  if (found === file.sha256 && bytes.byteLength === file.bytes) return
  const difference = {
    place: 'SHA-256 and bytes',
    expected: `${file.sha256} ${file.bytes}`,
    found: `${found} ${bytes.byteLength}`,
  }
  problem(check, 'changed', file.name, 'it is not the file of the manifest', difference)
  if (file.name !== REPORT_FILE && file.parts.length > 0) checkPages(check, file, bytes)
}

/** Which pages of a PDF were changed, and which lines of them. */
function checkPages(check: Check, { name, parts }: ManifestFile, pdf: Uint8Array): void {
  const found = pageParts(pdf)
  checkParts(check, name, parts, found)
  const written = bytesOf(check, pagesFileOf(name))
  if (written === undefined) return
  const hashes = new Map(found.map(part => [part.name, part.sha256]))
  for (const page of parts.filter(part => hashes.has(part.name) && hashes.get(part.name) !== part.sha256)) {
    for (const { place, expected, found } of pageDifferences(written, pdf, page.name)) {
      problem(check, 'changed', name, 'the text of the page was changed', { place, expected, found })
    }
  }
}

function checkParts(check: Check, file: string, expected: readonly FilePart[], found: readonly FilePart[]): void {
  const there = new Map(found.map(({ name, sha256 }) => [name, sha256]))
  const known = new Set(expected.map(({ name }) => name))
  for (const { name, sha256 } of expected) {
    const hash = there.get(name)
    if (hash === undefined) problem(check, 'missing', file, 'it is missing', { place: name, expected: sha256 })
    else if (hash !== sha256)
      problem(check, 'changed', file, 'it was changed', { place: name, expected: sha256, found: hash })
  }
  for (const { name, sha256 } of found) {
    if (!known.has(name)) problem(check, 'added', file, 'it was added', { place: name, found: sha256 })
  }
}

/** What the manifest says of the report, and the report of itself. */
export function checkModel(check: Check, report: Report, manifest: Manifest): void {
  const file = manifest.files.find(({ name }) => name === REPORT_FILE)
  if (file === undefined) problem(check, 'manifest', MANIFEST_FILE, `it does not name ${REPORT_FILE}`)
  checkParts(check, REPORT_FILE, file?.parts ?? [], modelParts(report))
  const said: readonly (readonly [string, string, string])[] = [
    ['model', sha256(canonicalReport(report)), manifest.model],
    ['report', report.id, manifest.report],
    ['generatedAt', report.generatedAt, manifest.generatedAt],
    ['generator / version', report.generator.version, manifest.generator.version],
    ...(['name', 'start', 'end', 'timeZone'] as const).map(
      key => [`period / ${key}`, report.period[key], manifest.period[key]] as const,
    ),
  ]
  for (const [place, expected, found] of said) {
    if (expected !== found)
      problem(check, 'manifest', MANIFEST_FILE, `it is not that of ${REPORT_FILE}`, { place, expected, found })
  }
}

/** Each result by the hash that was taken when it was read. */
export function checkEvidence(check: Check, report: Report, manifest: Manifest | null): void {
  if (report.redacted)
    check.limits.push(
      'The report is redacted: the results of its evidence are not in it, and cannot be compared with their hashes.',
    )
  for (const { id, title, result, sha256 } of report.redacted ? [] : report.evidence) {
    const found = digestOf(result)
    if (found === sha256) continue
    problem(check, 'evidence', REPORT_FILE, `the result of "${title}" is not the one whose hash was taken`, {
      place: `evidence / ${id} / result`,
      expected: sha256,
      found,
    })
  }
  if (manifest === null) return
  const there = new Map(report.evidence.map(({ id, sha256 }) => [id, sha256]))
  for (const { id, sha256 } of manifest.evidence) {
    const place = `evidence / ${id}`
    const found = there.get(id)
    if (found === undefined)
      problem(check, 'evidence', REPORT_FILE, 'the piece of evidence is missing', { place, expected: sha256 })
    else if (found !== sha256)
      problem(check, 'evidence', REPORT_FILE, 'the hash of the evidence was changed', {
        place,
        expected: sha256,
        found,
      })
  }
}
