import type { Report } from '../model/report.ts'
import type { Renderer } from './contract/renderer.ts'
import { canonicalReport } from './data/json.ts'

/** One form of a report, as bytes. */
export interface RenderedForm {
  /** Its file. */
  readonly name: string
  readonly bytes: Uint8Array
}

/**
 * A report in the order of keys that report.json has: its forms are the same bytes when a check makes them again from
 * report.json, however the report was put together.
 */
export const inOrder = (report: Report): Report => JSON.parse(canonicalReport(report)) as Report

/** Renders a report, in its order. */
export async function renderForms(report: Report, renderers: readonly Renderer[]): Promise<readonly RenderedForm[]> {
  const ordered = inOrder(report)
  const forms: RenderedForm[] = []
  for (const { file, render } of renderers) forms.push({ name: file, bytes: await render(ordered) })
  return forms
}
