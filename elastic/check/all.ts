import { checkIndices, checkPrivileges } from './access.ts'
import { checkClocks } from './clocks.ts'
import type { Finding, Subject } from './contract.ts'
import { checkCursorField, checkMapping } from './mapping.ts'

/** Everything that can be asked of the server about one source. Where nothing can be found there is nothing more to ask. */
export async function checkServer(subject: Subject): Promise<readonly Finding[]> {
  const first = [...(await checkPrivileges(subject)), ...(await checkIndices(subject))]
  if (first.some(({ kind }) => kind === 'problem')) return first
  const rest = await Promise.all([checkCursorField, checkMapping, checkClocks].map(check => check(subject)))
  return [...first, ...rest.flat()]
}
