import { csvRenderer } from './csv.ts'
import { htmlRenderer } from './html/renderer.ts'
import { jsonRenderer } from './json.ts'
import { ocsfRenderer } from './ocsf.ts'
import { oscalRenderer } from './oscal/renderer.ts'
import type { Renderer } from './renderer.ts'

/** Every form of a report that is made of it alone, by its order in a folder. The PDF needs a program: see pdf/. */
export const renderers: readonly Renderer[] = [htmlRenderer, jsonRenderer, oscalRenderer, ocsfRenderer, csvRenderer]

/** Values of `compliance.formats`. */
export const formats = ['html', 'pdf', 'json', 'oscal', 'ocsf', 'csv'] as const
export type Format = (typeof formats)[number]
