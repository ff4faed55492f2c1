import { Fault } from '../../core/errors.ts'
import { prettyJson } from '../render/data/json.ts'
import { type PdfPage, pagesOf } from '../render/pdf/pages.ts'
import type { RenderedForm } from '../render/render-forms.ts'
import type { Difference } from './differences.ts'
import { readJson } from './json-text.ts'
import type { FilePart } from './model-parts.ts'

/** Beside a PDF: the text of each page, by which a check names what was changed on it. */
export const pagesFileOf = (name: string): string => `${name}.pages.json`

/** The hash of what each page shows. None for a PDF of a form that is not known, of which the whole hash is compared. */
export const pageParts = (pdf: Uint8Array): readonly FilePart[] =>
  pagesIn(pdf).map(({ number, sha256 }) => ({ name: `page ${number}`, sha256 }))

/** The files, with the text of each PDF among them. */
export const withPageTexts = (files: readonly RenderedForm[]): readonly RenderedForm[] => [
  ...files,
  ...files
    .filter(({ name }) => name.endsWith('.pdf'))
    .map(({ name, bytes }) => ({ name: pagesFileOf(name), bytes: Buffer.from(prettyJson(linesIn(bytes))) })),
]

type Lines = readonly (readonly string[])[]

const linesIn = (pdf: Uint8Array): Lines => pagesIn(pdf).map(({ text }) => text.split('\n'))

function pagesIn(pdf: Uint8Array): readonly PdfPage[] {
  try {
    return pagesOf(pdf)
  } catch (error) {
    if (error instanceof Fault) return []
    throw error
  }
}

const MOST_DIFFERENCES = 20

/**
 * The lines of one page that differ.
 *
 * @param written the file with the text of the pages
 * @param page `page 3`
 */
export function pageDifferences(written: Uint8Array, pdf: Uint8Array, page: string): readonly Difference[] {
  const index = Number(page.replace(/^page /, '')) - 1
  const expected = linesOf(written)[index] ?? []
  const found = linesIn(pdf)[index] ?? []
  const length = Math.max(expected.length, found.length)
  return Array.from({ length }, (_, line) => ({
    place: `${page}, line ${line + 1}`,
    expected: expected[line] ?? '',
    found: found[line] ?? '',
  }))
    .filter(difference => difference.expected !== difference.found)
    .slice(0, MOST_DIFFERENCES)
}

function linesOf(written: Uint8Array): Lines {
  try {
    const pages = readJson(written)
    const isText = (lines: unknown) => Array.isArray(lines) && lines.every(line => typeof line === 'string')
    return Array.isArray(pages) && pages.every(isText) ? pages : []
  } catch {
    return []
  }
}
