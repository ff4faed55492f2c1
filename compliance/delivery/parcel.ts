import type { Report } from '../model/report.ts'

/** A report as it is delivered: in full, or redacted. */
export interface Parcel {
  readonly report: Report
  /** SHA-256 of the manifest of the full report. */
  readonly manifest: string
  /** Of the full report with its manifest and signature; of a redacted one what is rendered of it, without these. */
  readonly files: readonly ParcelFile[]
}

export interface ParcelFile {
  readonly name: string
  readonly mediaType: string
  readonly bytes: Uint8Array
}

/** Reads the report of a period from the folder of the reports. @throws Fault where it cannot be read */
export type ReadParcel = (folder: string, isRedacted: boolean) => Promise<Parcel>
