import { csvRenderer } from './csv.ts'
import { jsonRenderer } from './json.ts'
import { ocsfRenderer } from './ocsf.ts'
import { oscalRenderer } from './oscal/renderer.ts'
import type { Renderer } from './renderer.ts'

/** Every form of a report, by its order in a folder. */
export const renderers: readonly Renderer[] = [jsonRenderer, oscalRenderer, ocsfRenderer, csvRenderer]
