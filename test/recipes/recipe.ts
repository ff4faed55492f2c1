/** A recipe of CONTRIBUTING.md as data: what somebody who follows it adds, edits, and may forget. */
export interface Recipe {
  /** Its heading in CONTRIBUTING.md, without `Add a`. */
  readonly kind: string
  /** The member that it adds. The files that are added are below fixtures/ in a folder of this name. */
  readonly member: string
  /** What the names of the tests about the member contain. */
  readonly called: readonly string[]
  readonly edits: readonly Edit[]
  /** Tests that pass when the recipe is followed, beside those by which forgotten places are found. */
  readonly passes: readonly TestFile[]
  /** The rows of its table of forgotten places. */
  readonly rows: readonly Row[]
}

/** A text of an existing file, found exactly once, and what is there afterwards. */
export interface Edit {
  readonly file: string
  readonly find: string
  readonly put: string
}

export interface Row {
  /** The text of its first cell. */
  readonly forgotten: string
  /** Each is left out on its own. */
  readonly places: readonly Place[]
}

export interface Place {
  /** True where other checks of the recipe fail too without it, or are not made. */
  readonly isDecisive?: true
  readonly omits: readonly Omission[]
  readonly fails: readonly Failure[]
}

/**
 * `edit`: it is not made. `added`: the file is not written. `stale`: the file is not generated. `mistake`: in a file of
 * the complete copy there is something else.
 */
export type Omission =
  | { readonly edit: Edit }
  | { readonly added: string }
  | { readonly stale: string }
  | { readonly mistake: Edit }

export type TestFile = `test/${string}.test.ts`

/** The check that fails, and a text of its output that names the place. */
export type Failure =
  | {
      readonly check: 'types' | 'unused'
      /** The file that the check names. */
      readonly file: string
      readonly names: readonly string[]
    }
  | {
      readonly check: TestFile
      /** The test, by a part of its full name; null where the file cannot even be loaded. */
      readonly test: string | null
      readonly names: readonly string[]
    }

export const after = (file: string, anchor: string, added: string): Edit => ({
  file,
  find: anchor,
  put: `${anchor}${added}`,
})
export const before = (file: string, anchor: string, added: string): Edit => ({
  file,
  find: anchor,
  put: `${added}${anchor}`,
})

/** The text with the edit made. @throws Error that names the edit where its anchor is not there exactly once */
export function edited(text: string, { file, find, put }: Edit): string {
  const parts = text.split(find)
  if (parts.length === 2) return parts.join(put)
  throw new Error(
    `${file} holds ${parts.length - 1} times, not once, what a recipe edits: ${JSON.stringify(find)}. ` +
      'Bring the edit in test/recipes/ up to date, and the recipe in CONTRIBUTING.md if it says otherwise.',
  )
}
