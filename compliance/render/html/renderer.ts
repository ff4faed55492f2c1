import type { Renderer } from '../contract/renderer.ts'
import { htmlDocument } from './document.ts'

/** The form for people: opens from a disk, prints, and needs nothing else. */
export const htmlRenderer: Renderer = {
  format: 'html',
  file: 'report.html',
  mediaType: 'text/html; charset=utf-8',
  summary: 'One self-contained page for people, printable, without scripts',
  render: report => new TextEncoder().encode(htmlDocument(report)),
}
