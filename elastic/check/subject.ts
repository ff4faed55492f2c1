import type { Ask } from '../call.ts'

/** What is checked, and the client to check it with. */
export interface Subject {
  readonly ask: Ask
  /** Index patterns, as configured in the source. */
  readonly index: readonly string[]
  readonly cursorField: string
  /** The clock of this machine. Milliseconds. */
  readonly now: number
}

/** The patterns as a segment of a URL path. */
export function indexPath({ index }: Pick<Subject, 'index'>): string {
  return index.map(encodeURIComponent).join(',')
}
