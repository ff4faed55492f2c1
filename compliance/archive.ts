import { join } from 'node:path'
import { Fault, failureCode } from '../core/errors.ts'
import { textOrder } from '../core/text-order.ts'
import { readRegularBytes } from '../service/files/regular-file.ts'
import type { Period } from './evidence/period.ts'
import { type ChainedManifest, unitOfName } from './integrity/chain.ts'
import { changedAt } from './integrity/changed-at.ts'
import { readJson } from './integrity/json-text.ts'
import { knownReports } from './integrity/report-folder.ts'
import { countsOf } from './model/build.ts'
import type { Report } from './model/report.ts'
import { readReport } from './model/report-schema.ts'
import { REPORT_FILE } from './render/data/json.ts'

const MOST_BYTES = 256 * 1024 * 1024

/** The reports that a folder holds, in the order in which they were made; none where there is no such folder. */
export async function archivedReports(outputDir: string): Promise<readonly ChainedManifest[]> {
  try {
    const known = await knownReports(outputDir)
    return known.toSorted((a, b) => a.manifest.sequence - b.manifest.sequence)
  } catch (error) {
    if (failureCode(error) === 'ENOENT') return []
    throw error
  }
}

/** The reports of a folder, read again when a name in it has changed: it is looked at every few seconds, and may hold years. */
export class Archive {
  readonly folder: string
  #changed: number | undefined
  #reports: readonly ChainedManifest[] = []
  #counts = new Map<string, Counts>()

  constructor(folder: string) {
    this.folder = folder
  }

  async reports(): Promise<readonly ChainedManifest[]> {
    const changed = await changedAt(this.folder)
    if (changed === undefined || changed !== this.#changed) {
      this.#reports = await archivedReports(this.folder)
      this.#changed = changed
    }
    return this.#reports
  }

  /** How many controls of each report have each status, without those whose model cannot be read; kept for these reports. */
  async counts(reports: readonly ChainedManifest[]): Promise<ReadonlyMap<string, Counts>> {
    const found = new Map<string, Counts>()
    for (const { folder, sha256 } of reports) {
      const report = this.#counts.has(sha256)
        ? undefined
        : await readArchived(this.folder, folder).catch(() => undefined)
      const counts = report === undefined ? this.#counts.get(sha256) : countsOf(report.controls)
      if (counts !== undefined) found.set(sha256, counts)
    }
    this.#counts = found
    return found
  }
}

type Counts = ReturnType<typeof countsOf>

/** @throws Fault where its model cannot be read */
export async function readArchived(outputDir: string, folder: string): Promise<Report> {
  return readReport(readJson(await readRegularBytes(join(outputDir, folder, REPORT_FILE), MOST_BYTES, 'refuse')))
}

/** What the report that a new one is compared with has in common with it. */
export interface Successor {
  readonly period: Period
  readonly synthetic: boolean
}

/**
 * The report that a new one is compared with: the newest revision of the latest period of its unit that begins
 * before. What was counted in a day says nothing beside what was counted in a month. A synthetic one has nothing to do with a real one. One that was damaged is left out, and the check of the
 * chain names it.
 */
export async function previousReport(
  outputDir: string,
  archived: readonly ChainedManifest[],
  { period, synthetic }: Successor,
): Promise<Report | null> {
  const start = new Date(period.start).toISOString()
  const earlier = archived
    .filter(
      ({ manifest }) => manifest.period.start < start && unitOfName(manifest.period.name) === unitOfName(period.name),
    )
    .filter(({ manifest }) => manifest.period.name !== period.name)
    .toSorted(
      (a, b) =>
        textOrder(b.manifest.period.start, a.manifest.period.start) ||
        b.manifest.revision - a.manifest.revision ||
        b.manifest.sequence - a.manifest.sequence,
    )
  for (const { folder } of earlier) {
    try {
      const report = await readArchived(outputDir, folder)
      if (report.synthetic === synthetic) return report
    } catch (error) {
      if (!(error instanceof Fault) && failureCode(error) === undefined) throw error
    }
  }
  return null
}
