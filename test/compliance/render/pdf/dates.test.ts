import { describe, expect, it } from '@jest/globals'
import { withDates } from '../../../../compliance/render/pdf/dates.ts'
import { pagesOf } from '../../../../compliance/render/pdf/pages.ts'
import { madePdf, twoPages } from './made-pdf.ts'

const time = Date.parse('2026-12-01T05:00:00.000Z')

describe('the times of a PDF', () => {
  it('are overwritten in place, so that two of the same document are the same', () => {
    const one = madePdf(twoPages())
    const other = madePdf(twoPages().map(object => object.replaceAll('20261130025936', '20261130031415')))
    const dated = withDates(one, time) as Buffer
    expect(dated.toString('latin1')).toContain(
      "/CreationDate (D:20261201050000+00'00')\n/ModDate (D:20261201050000+00'00')",
    )
    expect(Buffer.from(withDates(other, time) as Uint8Array).equals(dated)).toBe(true)
    expect(dated).toHaveLength(one.length)
    expect(pagesOf(dated)).toEqual(pagesOf(one))
  })

  it('are left alone in a title that has such a text', () => {
    const title = "/CreationDate (D:20000101000000+00'00'"
    const dated = Buffer.from(withDates(madePdf(twoPages(undefined, title)), time) as Uint8Array).toString('latin1')
    expect(dated).toContain(`(${title})`)
    expect(dated).toContain("\n/CreationDate (D:20261201050000+00'00')")
  })

  it('are not guessed where they have another form', () => {
    const local = twoPages().map(object =>
      object.replace("/ModDate (D:20261130025936+00'00')", '/ModDate (D:20261130025936Z)'),
    )
    expect(withDates(madePdf(local), time)).toBeUndefined()
    expect(withDates(madePdf(twoPages().with(0, '<<>>')), time)).toBeUndefined()
  })
})
