import { Fault } from '../../core/errors.ts'
import type { Report } from '../model/report.ts'

/** A report as it is delivered: in full, or redacted. */
export interface Parcel {
  readonly report: Report
  /** SHA-256 of the manifest of the full report. */
  readonly manifest: string
  /**
   * Of the full report its files with manifest and signature; of a redacted one what is rendered of it, without these.
   *
   * @param names only these, where the report has them: rendering takes time. Default: all
   */
  files(names?: readonly string[]): Promise<readonly ParcelFile[]>
}

export interface ParcelFile {
  readonly name: string
  readonly mediaType: string
  readonly bytes: Uint8Array
}

/** The report is not what its manifest says: no attempt changes that, and nobody gets it as ours. */
export class ReportChanged extends Fault {}

/**
 * Reads the report of a period from the folder of the reports.
 *
 * @throws Fault where it cannot be read; ReportChanged
 */
export type ReadParcel = (folder: string, isRedacted: boolean, signal: AbortSignal) => Promise<Parcel>
