/** Name of an element of the structure tree: Chromium's number of a node of the document. */
const NAME = /\(node(\d{8})\)/g

/**
 * Numbers the elements of the structure tree from 1 on. Chromium names them by counters that depend on what else it did
 * while the page was built, so that two runs can differ. Names keep their length and their order, so that every offset and
 * the tree of names stay valid.
 */
export function withNodeNames(pdf: Uint8Array): Uint8Array {
  // One character a byte.
  const text = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength).toString('latin1')
  const numbers = [...new Set(Array.from(text.matchAll(NAME), ([, number]) => number as string))].sort()
  const names = new Map(numbers.map((number, index) => [number, String(index + 1).padStart(8, '0')]))
  return Buffer.from(
    text.replace(NAME, (_, number: string) => `(node${names.get(number)})`),
    'latin1',
  )
}
