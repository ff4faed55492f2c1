import { checkIndices, checkPrivileges } from './access.ts'
import { checkClocks } from './clocks.ts'
import type { Finding, Subject } from './contract.ts'
import { checkCursorField, checkMapping } from './mapping.ts'
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
