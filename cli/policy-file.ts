import { basename, extname, resolve } from 'node:path'
import { ClawtrustError } from '../core/errors.ts'
import { isoDate, localDate } from '../core/time/local-date.ts'
import { MAX_POLICY_CHARACTERS } from '../policy/language/parse.ts'
import { Places, problemHeading, problemText } from '../policy/language/problem-text.ts'
import { formOf, type ReadPolicy, readPolicy } from '../policy/language/read.ts'
import type { PolicyProblem } from '../policy/model/problem.ts'
import { fileTrouble, readRegularFile } from '../service/files/regular-file.ts'
import { writeTrouble } from '../service/files/replace-file.ts'

/** A policy of a file, as far as it could be read. */
export type PolicyFile = ReviewedSource & Omit<ReadPolicy, 'problems'>

interface ReviewedSource {
  /** As the user wrote it. */
  readonly file: string
  readonly source: string
  readonly problems: readonly PolicyProblem[]
}

/** @throws POLICY_UNREADABLE */
export async function readPolicySource(file: string, folder: string): Promise<string> {
  return readRegularFile(resolve(folder, file), MAX_POLICY_CHARACTERS).catch(cause => {
    throw new ClawtrustError('POLICY_UNREADABLE', `${file} ${fileTrouble(cause)}`, { cause })
  })
}

/** Writes a policy, or what was made of one, by a function that does it as a whole or not at all. @throws POLICY_UNREADABLE */
export async function writePolicyFile(
  write: (path: string, text: string) => Promise<void>,
  file: string,
  text: string,
  folder: string,
): Promise<void> {
  await write(resolve(folder, file), text).catch(cause => {
    throw new ClawtrustError('POLICY_UNREADABLE', `${file} ${writeTrouble(cause)}`, { cause })
  })
}

/** Reads a policy, with what is wrong with it. @throws POLICY_UNREADABLE */
export async function reviewPolicyFile(file: string, folder: string): Promise<PolicyFile> {
  const source = await readPolicySource(file, folder)
  return { file, source, ...readPolicy(source, basename(file, extname(file)), formOf(file)) }
}

/** Reads a policy that is without errors. @throws POLICY_UNREADABLE, POLICY_INVALID with a line and a caret for each */
export async function loadPolicyFile(file: string, folder: string): Promise<PolicyFile> {
  const read = await reviewPolicyFile(file, folder)
  refuseErrors([read])
  return read
}

export const isError = ({ level }: PolicyProblem): boolean => level === 'error'

/** @throws POLICY_INVALID with what is wrong in any of them */
export function refuseErrors(files: readonly ReviewedSource[]): void {
  const texts = files.flatMap(({ file, source, problems }) =>
    problemTexts({ file, source, problems: problems.filter(isError) }),
  )
  if (texts.length > 0) throw new ClawtrustError('POLICY_INVALID', texts.join('\n'))
}

/** Problems for a terminal. */
export function problemTexts({ file, source, problems }: ReviewedSource): readonly string[] {
  const places = new Places(source)
  return problems.map(problem => problemText(file, problem, places))
}

/** Problems for a terminal, a line each. */
export function problemHeadings({ file, source, problems }: ReviewedSource): readonly string[] {
  const places = new Places(source)
  return problems.map(problem => problemHeading(file, problem, places))
}

/** The day in the time zone of a policy: rules after their last day allow nothing. */
export const todayOf = ({ timeZone }: { readonly timeZone: string }): string => isoDate(localDate(Date.now(), timeZone))
