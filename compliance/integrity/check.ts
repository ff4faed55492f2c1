import type { Renderer } from '../render/contract/renderer.ts'
import type { PublicKey } from './signing-key.ts'

/** A file of the folder, or why it was not read: a link, too large, not a file. */
export type FoundFile = { readonly bytes: Uint8Array } | { readonly refused: string }

/** The folder of one report, as it was found. */
export interface FoundFolder {
  readonly folder: string
  readonly files: ReadonlyMap<string, FoundFile>
}

/** What kind of thing is wrong. */
export type ProblemKind =
  | 'missing'
  | 'changed'
  | 'added'
  | 'evidence'
  | 'judgement'
  | 'manifest'
  | 'signature'
  | 'key'
  | 'chain'
  | 'clock'

export interface Problem {
  readonly kind: ProblemKind
  readonly folder: string
  /** Empty where it is about no single file. */
  readonly file: string
  readonly place: string
  readonly expected: string
  readonly found: string
  readonly detail: string
}

export interface VerifyOptions {
  readonly renderers: readonly Renderer[]
  /** Keys that the reader trusts. */
  readonly trusted: readonly PublicKey[]
  /** Of the program that verifies. */
  readonly version: string
}

/** What one check collects. */
export interface Check {
  readonly folder: FoundFolder
  readonly options: VerifyOptions
  readonly problems: Problem[]
  readonly limits: string[]
}

export function bytesOf({ folder }: Check, name: string): Uint8Array | undefined {
  const file = folder.files.get(name)
  return file !== undefined && 'bytes' in file ? file.bytes : undefined
}

export function problem(
  check: Check,
  kind: ProblemKind,
  file: string,
  detail: string,
  difference: Partial<Problem> = {},
): void {
  const { place = '', expected = '', found = '' } = difference
  check.problems.push({ kind, folder: check.folder.folder, file, place, expected, found, detail })
}
