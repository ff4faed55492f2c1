import type { Span } from '../model/policy.ts'
import type { LanguageProblem, ProblemKind } from './problem-kinds.ts'

/** Collects what is wrong while a policy is built. */
export class Problems {
  readonly found: LanguageProblem[] = []

  error(kind: ProblemKind, at: Span, message: string, suggestion?: string): void {
    this.#add('error', kind, at, message, suggestion)
  }

  warning(kind: ProblemKind, at: Span, message: string, suggestion?: string): void {
    this.#add('warning', kind, at, message, suggestion)
  }

  add(problem: LanguageProblem | undefined): void {
    if (problem !== undefined) this.found.push(problem)
  }

  #add(
    level: LanguageProblem['level'],
    kind: ProblemKind,
    { from, to }: Span,
    message: string,
    suggestion?: string,
  ): void {
    this.found.push({ kind, level, message, at: { from, to }, ...(suggestion === undefined ? {} : { suggestion }) })
  }
}

/** A word of a message: quoted, cut, and on one line. */
export const shown = (word: string): string => JSON.stringify(word.length > 60 ? `${word.slice(0, 60)}…` : word)

/** `; did you mean "https"?` */
export const didYouMean = (meant: string | undefined): string =>
  meant === undefined ? '' : `; did you mean "${meant}"?`
