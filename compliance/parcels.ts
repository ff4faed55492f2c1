import { basename, join } from 'node:path'
import { readRegularBytes } from '../service/files/regular-file.ts'
import { readArchived } from './archive.ts'
import type { ComplianceConfig } from './config.ts'
import type { ParcelFile, ReadParcel } from './delivery/parcel.ts'
import { MANIFEST_FILE, readManifest, SIGNATURE_FILE } from './integrity/manifest.ts'
import { sha256 } from './model/digest.ts'
import { redact } from './model/redact.ts'
import { type Rendering, renderFiles } from './produce.ts'
import { renderers } from './render/registry.ts'

const MOST_BYTES = 256 * 1024 * 1024

/** Reads reports from their folder for deliveries; a redacted one is rendered again, from the redacted model. */
export function parcelReader(config: ComplianceConfig, rendering: Rendering): ReadParcel {
  const { output_dir: outputDir } = config
  return async (folder, isRedacted) => {
    const name = basename(folder)
    const read = (file: string) => readRegularBytes(join(outputDir, name, file), MOST_BYTES, 'refuse')
    const manifestBytes = await read(MANIFEST_FILE)
    const manifest = sha256(manifestBytes)
    const full = await readArchived(outputDir, name)
    if (isRedacted) {
      const report = redact(full)
      const files = await renderFiles(report, config, rendering)
      return { report, manifest, files: files.map(({ name, bytes }) => parcelFile(name, bytes)) }
    }
    const { files, key } = readManifest(manifestBytes)
    const names = [...files.map(file => file.name), ...(key === null ? [] : [SIGNATURE_FILE])]
    const contents = await Promise.all(names.map(async file => parcelFile(file, await read(file))))
    return { report: full, manifest, files: [...contents, parcelFile(MANIFEST_FILE, manifestBytes)] }
  }
}

const parcelFile = (name: string, bytes: Uint8Array): ParcelFile => ({ name, mediaType: mediaTypeOf(name), bytes })

/** Of a file of a report. */
export function mediaTypeOf(name: string): string {
  if (name.endsWith('.pdf')) return 'application/pdf'
  if (name === MANIFEST_FILE) return 'application/json'
  return renderers.find(({ file }) => file === name)?.mediaType ?? 'text/plain'
}
