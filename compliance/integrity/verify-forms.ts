import { sha256 } from '../model/digest.ts'
import type { Report } from '../model/report.ts'
import type { Renderer } from '../render/contract/renderer.ts'
import { REPORT_FILE } from '../render/data/json.ts'
import { bytesOf, type Check, problem } from './check.ts'
import { differencesOf } from './differences.ts'
import type { Manifest } from './manifest.ts'

/** Makes every form again from report.json, and compares. */
export async function checkForms(check: Check, report: Report, manifest: Manifest | null): Promise<void> {
  const isOtherVersion = report.generator.version !== check.options.version
  for (const renderer of check.options.renderers.filter(({ reproducible = true }) => reproducible)) {
    const bytes = bytesOf(check, renderer.file)
    if (bytes === undefined) continue
    const made = await rendered(renderer, report)
    if (made === undefined) {
      problem(check, 'changed', REPORT_FILE, `${renderer.file} cannot be made from it`)
      continue
    }
    const differences = differencesOf(renderer.file, made, bytes)
    const state = stateOf(manifest, renderer.file, bytes, bytesOf(check, REPORT_FILE))
    if (isOtherVersion && state !== 'form changed') {
      if (differences.length > 0) check.limits.push(limitOfVersion(renderer.file, report, check.options.version))
      continue
    }
    for (const { place, expected, found } of differences) {
      // Where the form is the one of the manifest and report.json is not, the form has the true value.
      if (state === 'report changed') {
        problem(check, 'changed', REPORT_FILE, `${renderer.file}, which is unchanged, has another value`, {
          place,
          expected: found,
          found: expected,
        })
      } else problem(check, 'changed', renderer.file, `${REPORT_FILE} has another value`, { place, expected, found })
    }
  }
}

const limitOfVersion = (file: string, { generator }: Report, version: string): string =>
  `${file} was made by version ${generator.version}, and version ${version} makes it differently: its values could not be compared. Verify with the version that made it.`

async function rendered(renderer: Renderer, report: Report): Promise<Uint8Array | undefined> {
  try {
    return await renderer.render(report)
  } catch {
    return undefined
  }
}

/** Which of the two was changed, by the hashes of the manifest. */
function stateOf(
  manifest: Manifest | null,
  name: string,
  form: Uint8Array,
  json: Uint8Array | undefined,
): 'form changed' | 'report changed' | 'not known' {
  const isAsManifest = (file: string, bytes: Uint8Array | undefined): boolean =>
    bytes !== undefined && manifest?.files.find(each => each.name === file)?.sha256 === sha256(bytes)
  const isForm = isAsManifest(name, form)
  const isReport = isAsManifest(REPORT_FILE, json)
  if (isForm === isReport) return 'not known'
  return isReport ? 'form changed' : 'report changed'
}
