import { createHash } from 'node:crypto'
import { Fault } from '../../../core/errors.ts'
import { PdfFile } from './file.ts'
import { isDictionary, isName, isReference, isStream, isString, type PdfDictionary, type PdfValue } from './objects.ts'
import { textOfPage } from './page-text.ts'

export interface PdfPage {
  /** From 1. */
  readonly number: number
  /**
   * SHA-256, hexadecimal, of everything that the page shows: its content, and the fonts, pictures and links that it refers
   * to. A change of the file that leaves this hash alone is not visible on the page.
   */
  readonly sha256: string
  /** Its text, a line a line, in the order in which it is drawn; for a reader who compares values. */
  readonly text: string
}

/** A page tree that is deeper, or has more nodes, is no tree of Chromium. */
const MAX_DEPTH = 30
const MAX_NODES = 40_000
/** References from a page to an object to an object; those of Chromium are 6. */
const MAX_REFERENCES = 100

/**
 * The pages of a PDF that Chromium made.
 *
 * @throws Fault where it is no such PDF; to follow `the PDF cannot be read: `
 */
export function pagesOf(pdf: Uint8Array): readonly PdfPage[] {
  const file = new PdfFile(pdf)
  const digests = new Digests(file)
  return pageDictionaries(file).map((page, index) => ({
    number: index + 1,
    sha256: digests.ofPage(page),
    text: textOfPage(file, page),
  }))
}

function pageDictionaries(file: PdfFile): PdfDictionary[] {
  const pages: PdfDictionary[] = []
  let nodes = 0
  const visit = (node: PdfValue | undefined, depth: number) => {
    nodes += 1
    if (depth > MAX_DEPTH || nodes > MAX_NODES) throw new Fault('its tree of pages has no end')
    const dictionary = file.dictionary(node)
    const kids = file.resolve(dictionary.get('Kids'))
    if (!Array.isArray(kids)) pages.push(dictionary)
    else for (const kid of kids) visit(kid, depth + 1)
  }
  visit(file.dictionary(file.trailer.get('Root')).get('Pages'), 0)
  return pages
}

/** Keys that lead from a page to the rest of the document. */
const LEADS_AWAY = new Set(['Parent', 'P', 'StructParents', 'StructParent'])
const OTHER_TREES = new Set(['Page', 'Pages', 'Catalog', 'StructElem', 'StructTreeRoot'])

/** Hashes of objects by what they are and refer to, whatever their numbers: each object is hashed once. */
class Digests {
  readonly #file: PdfFile
  readonly #known = new Map<number, string>()
  #depth = 0

  constructor(file: PdfFile) {
    this.#file = file
  }

  ofPage(page: PdfDictionary): string {
    return sha256([this.#dictionary(page)])
  }

  #ofObject(number: number): string {
    const known = this.#known.get(number)
    if (known !== undefined) return known
    // An object that refers to itself.
    this.#known.set(number, 'circle')
    if (this.#depth > MAX_REFERENCES) throw new Fault('its objects refer to one another without an end')
    this.#depth += 1
    const digest = this.#digest(this.#file.resolve({ reference: number }))
    this.#depth -= 1
    this.#known.set(number, digest)
    return digest
  }

  #digest(value: PdfValue): string {
    if (isStream(value)) {
      const { Length: _, ...entries } = Object.fromEntries(value.dictionary)
      return sha256([this.#dictionary(new Map(Object.entries(entries))), 'stream', this.#file.raw(value)])
    }
    if (isDictionary(value) && isOtherTree(value)) return 'elsewhere'
    return sha256([this.#write(value)])
  }

  /** A text that two values share only if they are equal. */
  #write(value: PdfValue): string {
    if (isReference(value)) return `ref ${this.#ofObject(value.reference)}`
    if (isName(value)) return `name ${JSON.stringify(value.name)}`
    if (isString(value)) return `string ${JSON.stringify(value.bytes)}`
    if (isDictionary(value)) return this.#dictionary(value)
    if (Array.isArray(value)) return `[${value.map((item: PdfValue) => this.#write(item)).join(',')}]`
    return JSON.stringify(value)
  }

  #dictionary(dictionary: PdfDictionary): string {
    const entries = [...dictionary]
      .filter(([key]) => !LEADS_AWAY.has(key))
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, value]) => `${JSON.stringify(key)}:${this.#write(value)}`)
    return `{${entries.join(',')}}`
  }
}

function isOtherTree(dictionary: PdfDictionary): boolean {
  const type = dictionary.get('Type')
  return isName(type) && OTHER_TREES.has(type.name)
}

function sha256(parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}
