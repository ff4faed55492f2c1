import type { Ask } from '../call.ts'

/** What is checked, and the client to check it with. */
export interface Subject {
  readonly ask: Ask
  /** Index patterns, as configured in the source. */
  readonly index: readonly string[]
  readonly cursorField: string
  /** The clock of this machine. Milliseconds. */
  readonly now: () => number
}

/** The patterns as a segment of a URL path. */
export function indexPath({ index }: Pick<Subject, 'index'>): string {
  return index.map(encodeURIComponent).join(',')
}

/** One result of a check. */
export interface Finding {
  /** `problem`: events are lost or not read. `note`: information. */
  readonly kind: 'ok' | 'note' | 'problem'
  /** What was found, what it means, and for a problem what to do. */
  readonly sentence: string
}

export const ok = (sentence: string): Finding => ({ kind: 'ok', sentence })
export const note = (sentence: string): Finding => ({ kind: 'note', sentence })
export const problem = (sentence: string): Finding => ({ kind: 'problem', sentence })
