import type { Severity } from '../../../core/labels/event.ts'

const severities = new Map<unknown, Severity>([
  ['INFO', 'info'],
  ['LOW', 'low'],
  ['WARN', 'medium'],
  ['MEDIUM', 'medium'],
  ['HIGH', 'high'],
  ['CRITICAL', 'critical'],
])

/** Severity of a record; undefined where it has none that is known. */
export const severityOf = (word: unknown): Severity | undefined => severities.get(word)
