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
