import { deflateSync } from 'node:zlib'

/** A small PDF in the form that Chromium writes, from its objects; the first is the information dictionary. */
export function madePdf(objects: readonly string[], root = 2): Buffer {
  let file = '%PDF-1.4\n'
  const offsets = objects.map((object, index) => {
    const offset = file.length
    file += `${index + 1} 0 obj\n${object}\nendobj\n`
    return offset
  })
  const table = file.length
  const entries = offsets.map(offset => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries}`
  file += `trailer\n<</Size ${objects.length + 1}\n/Root ${root} 0 R\n/Info 1 0 R>>\nstartxref\n${table}\n%%EOF\n`
  return Buffer.from(file, 'latin1')
}

export function stream(content: string, entries = ''): string {
  const bytes = deflateSync(Buffer.from(content, 'latin1')).toString('latin1')
  return `<</Filter /FlateDecode\n${entries}/Length ${bytes.length}>> stream\n${bytes}\nendstream`
}

const font = '<</Type /Font /Subtype /Type0 /ToUnicode 7 0 R>>'
const characters = `1 beginbfchar\n<0001> <00480069>\nendbfchar\n1 beginbfrange\n<0010> <0019> <0030>\nendbfrange`

/** Two pages: on the first `Hi` and a number, on the second a number. */
export const twoPages = (first = '<0014> Tj 5 0 Td <0012> Tj', title = 'Report'): readonly string[] => [
  `<</Title (${title})\n/CreationDate (D:20261130025936+00'00')\n/ModDate (D:20261130025936+00'00')>>`,
  '<</Type /Catalog /Pages 3 0 R>>',
  '<</Type /Pages /Kids [4 0 R 5 0 R] /Count 2>>',
  '<</Type /Page /Parent 3 0 R /Resources <</Font <</F1 6 0 R>>>> /Contents 8 0 R /StructParents 0>>',
  '<</Type /Page /Parent 3 0 R /Resources <</Font <</F1 6 0 R>>>> /Contents 9 0 R /StructParents 1>>',
  font,
  stream(characters),
  stream(`BT /F1 10 Tf 1 0 0 -1 10 20 Tm <0001> Tj ET BT /F1 10 Tf 1 0 0 -1 10 40 Tm ${first} ET`),
  stream('BT /F1 10 Tf 1 0 0 -1 10 20 Tm [<0013> 20 <0011>] TJ ET'),
]
