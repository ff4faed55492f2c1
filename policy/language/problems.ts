import type { Span } from '../model/policy.ts'
import type { LanguageProblem, ProblemKind } from './problem-kinds.ts'

/** Of each level; more than are shown, and few enough that a file of nothing but errors is answered soon. */
const MAX_KEPT = 1_000

/** Collects what is wrong while a policy is built. No number of warnings hides an error. */
export class Problems {
  readonly found: LanguageProblem[] = []
  readonly #kept = { error: 0, warning: 0, note: 0 }

  error(kind: ProblemKind, at: Span, message: string, suggestion?: string): void {
    this.#add('error', kind, at, message, suggestion)
  }

  warning(kind: ProblemKind, at: Span, message: string, suggestion?: string): void {
    this.#add('warning', kind, at, message, suggestion)
  }

  add(problem: LanguageProblem | undefined): void {
    if (problem === undefined || this.#kept[problem.level] >= MAX_KEPT) return
    this.#kept[problem.level] += 1
    this.found.push(problem)
  }

  /** Whether a further error would not be kept: what it says need not be made. */
  get isFull(): boolean {
    return this.#kept.error >= MAX_KEPT
  }

  #add(
    level: LanguageProblem['level'],
    kind: ProblemKind,
    { from, to }: Span,
    message: string,
    suggestion?: string,
  ): void {
    this.add({ kind, level, message, at: { from, to }, ...(suggestion === undefined ? {} : { suggestion }) })
  }
}

/** A word of a message: quoted, cut, and on one line. */
export const shown = (word: string): string => JSON.stringify(word.length > 60 ? `${word.slice(0, 60)}…` : word)

/** `; did you mean "https"?` */
export const didYouMean = (meant: string | undefined): string =>
  meant === undefined ? '' : `; did you mean "${meant}"?`
