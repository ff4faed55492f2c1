import type { Report } from '../../model/report.ts'

/** One form of a report, made from the model alone. See compliance/render/registry.ts. */
export interface Renderer {
  /** Value of the key `formats` in the configuration; frozen once it is released. */
  readonly format: string
  /** Its file in the folder of a report. */
  readonly file: string
  readonly mediaType: string
  /** What it is for, a phrase for docs. */
  readonly summary: string
  /**
   * False where another program shapes the bytes, as Chromium does: a check compares its hash and cannot make it again.
   * Default: true.
   */
  readonly reproducible?: boolean
  /** The same report gives the same bytes. */
  render(report: Report): Uint8Array | Promise<Uint8Array>
}
