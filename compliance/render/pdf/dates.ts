import type { EpochMs } from '../../../core/clock.ts'
import { PdfFile } from './file.ts'
import { isReference } from './objects.ts'

/** `(D:20261122105622+00'00')`: always of this length, so that all offsets of the file stay valid. */
const DATE = /^\(D:\d{14}\+00'00'\)/
const KEYS = ['/CreationDate ', '/ModDate ']
/** An information dictionary is shorter: title, program, dates. */
const MAX_INFORMATION = 100_000

/**
 * The same PDF with a given time in the place of that of its making, which is all that differs between two PDFs of the same
 * document by the same Chromium.
 *
 * @returns undefined where the times are not as Chromium writes them
 * @throws Fault where it is no PDF
 */
export function withDates(pdf: Uint8Array, time: EpochMs): Uint8Array | undefined {
  const file = new PdfFile(pdf)
  const information = file.trailer.get('Info')
  if (!isReference(information)) return undefined
  const start = file.offsetOf(information.reference)
  const dated = Buffer.from(pdf)
  const text = dated.toString('latin1', start, start + MAX_INFORMATION)
  const end = text.indexOf('endobj')
  const stamp = new Date(time)
    .toISOString()
    .replace(/[^0-9]/g, '')
    .slice(0, 14)
  for (const key of KEYS) {
    const at = text.lastIndexOf(key, end)
    const value = at + key.length
    if (at < 0 || end < 0 || !DATE.test(text.slice(value, value + 30))) return undefined
    dated.write(stamp, start + value + '(D:'.length, 'latin1')
  }
  return dated
}
