import { checkClocks } from './clocks.ts'
import { checkCursorField } from './cursor-field.ts'
import type { Finding } from './finding.ts'
import { checkIndices } from './indices.ts'
import { checkMapping } from './mapping.ts'
import { checkPrivileges } from './privileges.ts'
import type { Subject } from './subject.ts'
import { checkUndated } from './undated.ts'

/** Everything that can be asked of the server about one source. Where nothing can be found there is nothing more to ask. */
export async function checkServer(subject: Subject): Promise<readonly Finding[]> {
  const first = [...(await checkPrivileges(subject)), ...(await checkIndices(subject))]
  if (first.some(({ kind }) => kind === 'problem')) return first
  const rest = await Promise.all(
    [checkCursorField, checkUndated, checkMapping, checkClocks].map(check => check(subject)),
  )
  return [...first, ...rest.flat()]
}
