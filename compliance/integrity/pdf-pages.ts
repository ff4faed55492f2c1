import { sha256 } from '../model/digest.ts'

interface Part {
  readonly name: string
  readonly sha256: string
}

const MOST_OBJECTS = 50_000
const MOST_PAGES = 2_000

/**
 * The hash of each page of a PDF as Chromium writes it: of the object of the page and of its content. So a manifest can
 * say which page was changed. Empty for a PDF of another form, of which the whole hash is known only.
 */
export function pdfPages(bytes: Uint8Array): readonly Part[] {
  const objects = objectsOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'))
  const root = [...objects.values()].find(text => isOfType(text, 'Pages') && !text.includes('/Parent'))
  if (root === undefined) return []
  const pages: string[] = []
  const waiting = [root]
  for (let steps = 0; steps < MOST_OBJECTS && waiting.length > 0; steps++) {
    const node = waiting.shift() as string
    if (isOfType(node, 'Page')) pages.push(node)
    else waiting.unshift(...kidsOf(node).flatMap(id => objects.get(id) ?? []))
    if (pages.length > MOST_PAGES) return []
  }
  return pages.map((page, index) => {
    const [, content = ''] = /\/Contents (\d{1,10}) 0 R/.exec(page) ?? []
    const hash = sha256(Buffer.from(`${page}\n${objects.get(content) ?? ''}`, 'latin1'))
    return { name: `page ${index + 1}`, sha256: hash }
  })
}

/** Each object by its number, its stream included. */
function objectsOf(pdf: string): ReadonlyMap<string, string> {
  const objects = new Map<string, string>()
  const begins = /(?:^|[\r\n])(\d{1,10}) 0 obj\b/g
  for (let found = begins.exec(pdf); found !== null && objects.size < MOST_OBJECTS; found = begins.exec(pdf)) {
    const [, id = ''] = found
    const end = endOf(pdf, begins.lastIndex)
    if (end < 0) break
    objects.set(id, pdf.slice(begins.lastIndex, end))
    begins.lastIndex = end
  }
  return objects
}

/** A stream may hold any bytes: it is skipped by its length. */
function endOf(pdf: string, start: number): number {
  const end = pdf.indexOf('endobj', start)
  const stream = pdf.indexOf('stream', start)
  if (stream < 0 || end < 0 || stream > end) return end
  const [, length] = /\/Length (\d{1,10})\b(?! \d+ R)/.exec(pdf.slice(start, stream)) ?? []
  return length === undefined ? end : pdf.indexOf('endobj', stream + Number(length))
}

const isOfType = (object: string, type: string): boolean => new RegExp(`/Type\\s?/${type}\\b`).test(object)

function kidsOf(node: string): readonly string[] {
  const [, list = ''] = /\/Kids\s?\[([^\]]*)\]/.exec(node) ?? []
  return [...list.matchAll(/(\d{1,10}) 0 R/g)].map(([, id = '']) => id)
}
