import { basename, join } from 'node:path'
import { readRegularBytes } from '../service/files/regular-file.ts'
import { readArchived } from './archive.ts'
import type { ComplianceConfig } from './config.ts'
import { type Parcel, type ParcelFile, type ReadParcel, ReportChanged } from './delivery/parcel.ts'
import { MANIFEST_FILE, type Manifest, readManifest, SIGNATURE_FILE } from './integrity/manifest.ts'
import { sha256 } from './model/digest.ts'
import { redact } from './model/redact.ts'
import type { Report } from './model/report.ts'
import { type Rendering, renderFiles } from './produce.ts'
import { canonicalReport } from './render/data/json.ts'
import { renderers } from './render/registry.ts'

const MOST_BYTES = 256 * 1024 * 1024
const PDF_FILE = 'report.pdf'

/**
 * Reads reports from their folder for deliveries; a redacted one is rendered again, from the redacted model. What is not as
 * its manifest says is not delivered.
 */
export function parcelReader(config: ComplianceConfig, rendering: Rendering): ReadParcel {
  const { output_dir: outputDir } = config
  return async (folder, isRedacted, signal): Promise<Parcel> => {
    const name = basename(folder)
    const read = (file: string) => readRegularBytes(join(outputDir, name, file), MOST_BYTES, 'refuse')
    const manifestBytes = await read(MANIFEST_FILE)
    const manifest = sha256(manifestBytes)
    const described = readManifest(manifestBytes)
    const full = await readArchived(outputDir, name)
    if (sha256(canonicalReport(full)) !== described.model) throw changed(name, 'report.json')
    if (isRedacted) {
      const report = redact(full)
      return { report, manifest, files: names => renderedFiles(report, config, { ...rendering, signal }, names) }
    }
    return {
      report: full,
      manifest,
      async files(names) {
        const isWanted = (file: string) => names === undefined || names.includes(file)
        const files = await storedFiles(described, isWanted, read)
        return isWanted(MANIFEST_FILE) ? [...files, parcelFile(MANIFEST_FILE, manifestBytes)] : files
      },
    }
  }

  async function storedFiles(
    { files, key, period }: Manifest,
    isWanted: (file: string) => boolean,
    read: (file: string) => Promise<Uint8Array>,
  ): Promise<readonly ParcelFile[]> {
    const found: ParcelFile[] = []
    for (const file of files.filter(({ name }) => isWanted(name))) {
      const bytes = await read(file.name)
      if (sha256(bytes) !== file.sha256) throw changed(period.name, file.name)
      found.push(parcelFile(file.name, bytes))
    }
    if (key === null || !isWanted(SIGNATURE_FILE)) return found
    return [...found, parcelFile(SIGNATURE_FILE, await read(SIGNATURE_FILE))]
  }
}

const changed = (folder: string, file: string) =>
  new ReportChanged(`${file} of ${folder} was changed since it was written; run clawtrust report verify`)

async function renderedFiles(
  report: Report,
  config: ComplianceConfig,
  rendering: Rendering,
  names: readonly string[] | undefined,
): Promise<readonly ParcelFile[]> {
  const formats = config.formats.filter(format => names === undefined || names.includes(fileOf(format)))
  const files = await renderFiles(report, { ...config, formats }, rendering)
  const wanted = files.filter(({ name }) => names === undefined || names.includes(name))
  return wanted.map(({ name, bytes }) => parcelFile(name, bytes))
}

const fileOf = (form: string): string => renderers.find(({ format }) => format === form)?.file ?? PDF_FILE

const parcelFile = (name: string, bytes: Uint8Array): ParcelFile => ({ name, mediaType: mediaTypeOf(name), bytes })

/** Of a file of a report. */
export function mediaTypeOf(name: string): string {
  if (name.endsWith('.pdf')) return 'application/pdf'
  if (name === MANIFEST_FILE) return 'application/json'
  return renderers.find(({ file }) => file === name)?.mediaType ?? 'text/plain'
}
