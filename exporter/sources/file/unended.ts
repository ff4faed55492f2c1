import type { UnendedFile } from '../../contracts/source.ts'
import { framingOf } from './framing.ts'
import type { TrackedFile } from './tracked-file.ts'

/**
 * The files in which no line has ended, so that nothing of them counts: at once where they hold more than the greatest
 * length of a line, else where they have not grown since a time, monotonic milliseconds.
 */
export function unendedFiles(files: Iterable<TrackedFile>, since: number): readonly UnendedFile[] {
  return [...files]
    .filter(file => isUnended(file, since))
    .map(({ position, head }) => ({
      place: { kind: 'file', name: position.path },
      hasCarriageReturns: head.includes('\r'),
    }))
}

function isUnended({ position, head, copyOf, isForeign, firstSeen, lastGrowth }: TrackedFile, since: number): boolean {
  const { begin, offset, size, inLongLine, beginningOf, sequence } = position
  if (copyOf !== undefined || isForeign || beginningOf !== undefined) return false
  if (size === 0 || sequence !== undefined || framingOf(head) === 'journal-export') return false
  return inLongLine || (begin === 0 && offset === 0 && Math.max(firstSeen, lastGrowth) <= since)
}
