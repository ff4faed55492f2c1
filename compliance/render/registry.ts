import type { Renderer } from './contract/renderer.ts'
import { csvRenderer } from './data/csv.ts'
import { jsonRenderer } from './data/json.ts'
import { ocsfRenderer } from './data/ocsf.ts'
import { htmlRenderer } from './html/renderer.ts'
import { oscalRenderer } from './oscal/renderer.ts'

/** Every form that needs nothing but the report. PDF needs Chromium, and is made by `pdfRenderer` with its options. */
export const renderers: readonly Renderer[] = [htmlRenderer, jsonRenderer, oscalRenderer, ocsfRenderer, csvRenderer]
