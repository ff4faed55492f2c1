import { checkClocks } from './clocks.ts'
import { checkCursorField } from './cursor-field.ts'
import type { Finding } from './finding.ts'
import { checkIndices } from './indices.ts'
import { checkMapping } from './mapping.ts'
import { checkPrivileges } from './privileges.ts'
import type { Subject } from './subject.ts'
import { checkUndated } from './undated.ts'

/** Runs every check of one source. If the patterns match nothing, the other checks are skipped. */
export async function checkServer(subject: Subject): Promise<readonly Finding[]> {
  const first = [...(await checkPrivileges(subject)), ...(await checkIndices(subject))]
  if (first.some(({ kind }) => kind === 'problem')) return first
  const rest = await Promise.all(
    [checkCursorField, checkUndated, checkMapping, checkClocks].map(check => check(subject)),
  )
  return [...first, ...rest.flat()]
}
