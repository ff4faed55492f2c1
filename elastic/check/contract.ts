import type { Ask } from '../call.ts'

/** What is checked, and how to ask. */
export interface Subject {
  readonly ask: Ask
  /** Patterns as the source is configured to read them. */
  readonly index: readonly string[]
  readonly cursorField: string
  /** The clock of this machine. Milliseconds. */
  readonly now: number
}

/** The patterns as a part of a path. */
export function indexPath({ index }: Pick<Subject, 'index'>): string {
  return index.map(encodeURIComponent).join(',')
}

/** One result of a check. */
export interface Finding {
  /** `problem`: events are lost or not read. `note`: worth knowing. */
  readonly kind: 'ok' | 'note' | 'problem'
  /** What was seen, what it means, and for a problem what to do. */
  readonly sentence: string
}

export const ok = (sentence: string): Finding => ({ kind: 'ok', sentence })
export const note = (sentence: string): Finding => ({ kind: 'note', sentence })
export const problem = (sentence: string): Finding => ({ kind: 'problem', sentence })
